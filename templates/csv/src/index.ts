import { TemplateConnector } from "./TemplateConnector.js";

export default TemplateConnector;
