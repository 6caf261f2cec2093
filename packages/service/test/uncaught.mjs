// Preloaded into a service: a request for /health whose query says so ends the process by an error that nobody catches.
import { Server } from "node:http";
import { setImmediate } from "node:timers";

const { emit } = Server.prototype;
Server.prototype.emit = function (name, request, ...rest) {
  if (name === "request" && request.url.startsWith("/ready?uncaught"))
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
  return emit.call(this, name, request, ...rest);
};
