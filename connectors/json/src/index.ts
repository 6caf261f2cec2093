export { JsonConnector, JsonConnector as default } from "./JsonConnector.js";
