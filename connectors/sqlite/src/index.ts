export { SqliteConnector, SqliteConnector as default } from "./SqliteConnector.js";
