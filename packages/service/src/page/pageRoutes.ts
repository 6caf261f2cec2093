import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { ConnectorError } from "itwin-connector-framework";
import { importOptionalPackage } from "itwin-connector-framework/internal";
import type { Server } from "../platform/http/server.js";
import type { ServiceContext } from "../ServiceContext.js";

/** The page's HTML and style lie beside its source also when the code is built; its modules are built. */
const root = new URL("../../", import.meta.url);
const sources = fileURLToPath(new URL("src/page/", root));
const modules = fileURLToPath(new URL("lib/page/browser/", root));

/** Nothing but the service itself is asked for anything; the page runs no script but its own. */
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
const headers = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The files of the viewer's page that a browser asks for. */
const viewerFiles = ["index.html", "main.js", "style.css"];

/**
 * The page of the service: `/`, and that of the viewer: `/view/`. They hold no data; what they show, they ask for with the
 * token of their user.
 */
export async function pageRoutes(server: Server, { config: { views } }: ServiceContext): Promise<void> {
  const open = { config: { isOpen: true }, schema: { hide: true } };
  await server.register(fastifyStatic, { root: sources, serve: false });
  const add = (path: string, file: string, folder: string, policy = contentSecurityPolicy) =>
    server.get(path, open, async (request, reply) => {
      const [asked, query] = request.url.split(/(?=\?)/);
      if (path.endsWith("/") && !asked?.endsWith("/")) return reply.redirect(path + (query ?? ""));
      return reply.headers({ ...headers, "content-security-policy": policy }).sendFile(file, folder);
    });
  add("/", "index.html", sources);
  add("/page/style.css", "style.css", sources);
  for (const file of ["main.js", "Api.js", "dom.js", "views.js", "viewLinks.js"]) add(`/page/${file}`, file, modules);
  const viewer = views === 0 ? undefined : await findViewer();
  server.get("/page/features", open, async () => ({ viewer: viewer !== undefined }));
  if (viewer === undefined) return;
  const { folder, contentSecurityPolicy: policy } = viewer;
  for (const file of viewerFiles) add(`/view/${file === "index.html" ? "" : file}`, file, folder, policy);
}

/** The page of the viewer, where that is installed beside the service. */
async function findViewer(): Promise<ViewerPage | undefined> {
  try {
    return (await importOptionalPackage<ViewerModule>("itwin-connector-viewer/page")).viewerPage;
  } catch (error) {
    if (error instanceof ConnectorError && error.code === "usage/missing-package") return undefined;
    throw error;
  }
}

type ViewerModule = typeof import("itwin-connector-viewer/page");
type ViewerPage = ViewerModule["viewerPage"];
