import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { Server } from "../platform/http/server.js";

/** The page's HTML and style lie beside its source also when the code is built; its modules are built. */
const root = new URL("../../", import.meta.url);
const sources = fileURLToPath(new URL("src/page/", root));
const modules = fileURLToPath(new URL("lib/page/browser/", root));

/** Nothing but the service itself is asked for anything; the page runs no script but its own. */
const headers = {
  "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The page of the service: `/`. It holds no data; what it shows, it asks for with the token of its user. */
export async function pageRoutes(server: Server): Promise<void> {
  const open = { config: { isOpen: true }, schema: { hide: true } };
  await server.register(fastifyStatic, { root: sources, serve: false });
  const files: [path: string, file: string, folder: string][] = [
    ["/", "index.html", sources],
    ["/page/style.css", "style.css", sources],
    ...["main.js", "Api.js", "dom.js", "views.js"].map((file): [string, string, string] => [
      `/page/${file}`,
      file,
      modules,
    ]),
  ];
  for (const [path, file, folder] of files)
    server.get(path, open, async (_, reply) => reply.headers(headers).sendFile(file, folder));
}
