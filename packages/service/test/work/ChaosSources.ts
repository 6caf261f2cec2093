import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));

/** The ways in which a server is no good, by the paths below which it is. */
export const badWays = ["garbage", "stalls", "hangs-up", "huge"] as const;

/** A server of sources. Some are good, and others do to who fetches them what a server can do. */
export class ChaosSources {
  private readonly _sockets = new Set<Socket>();

  private constructor(private readonly _server: Server) {
    _server.on("connection", (socket) => {
      this._sockets.add(socket);
      socket.on("error", () => {}).once("data", (data) => answer(socket, / \/(\S*)/.exec(String(data))?.[1] ?? ""));
    });
  }

  public static async start(): Promise<ChaosSources> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ChaosSources(server);
  }

  public get origin(): string {
    return `http://127.0.0.1:${(this._server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    for (const socket of this._sockets) socket.destroy();
    this._server.close();
  }
}

/** A path is a way, and what is good is followed by a number that the content depends on. */
function answer(socket: Socket, path: string): void {
  const [way = "", version = "0"] = path.split("/");
  if (way === "garbage") socket.end(garbage);
  else if (way === "hangs-up") socket.destroy();
  else if (way === "stalls") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nid,note\n");
  else if (way === "huge") sendHuge(socket);
  else sendGood(socket, version);
}

/** It closes its connection after the body at once. */
function sendGood(socket: Socket, version: string): void {
  const rows = Array.from({ length: 5 }, (_, index) => `P-${index},version ${version}`);
  const body = ["id,note", ...rows].join("\n");
  socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}

/** 1 GB. */
function sendHuge(socket: Socket): void {
  const chunk = Buffer.alloc(1024 ** 2, "a");
  let left = 1024;
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${chunk.length * left}\r\n\r\n`);
  const send = () => {
    while (left > 0 && !socket.destroyed) {
      left--;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on("drain", send);
  send();
}
