import { joinValues } from "./values.js";
import type { IfcFile } from "../IfcFile.js";

/** A text that stands for an instance, and the attributes that are in it. */
export interface Title {
  /** Undefined for an instance without a name. */
  readonly text?: string;
  readonly attributes: readonly string[];
}

/** The attributes that name instances of most types, the best first. */
const names = [
  "Name",
  "Identification",
  "Identifier",
  "ProfileName",
  "ItemReference",
  "DocumentId",
  "AxisTag",
  "Location",
] as const;

type ReadTitle = (file: IfcFile, id: number) => Title;

/** The types whose instances are named in another way. */
const special: Readonly<Record<string, ReadTitle>> = {
  IFCPERSON: (file, id) => joined(file, id, ["GivenName", "FamilyName"], " "),
  IFCPERSONANDORGANIZATION: (file, id) => ({
    text: joinTexts([titleOfReferred(file, id, "ThePerson"), titleOfReferred(file, id, "TheOrganization")], ", "),
    attributes: [],
  }),
  IFCACTORROLE: (file, id) => {
    const role = file.text(id, "Role");
    const own = role === "USERDEFINED" ? file.text(id, "UserDefinedRole") : undefined;
    return { text: own ?? role, attributes: ["Role", "UserDefinedRole"] };
  },
  IFCPOSTALADDRESS: whole,
  IFCTELECOMADDRESS: whole,
  IFCCALENDARDATE: (file, id) => ({ text: dateOf(file, id), attributes: ["DayComponent", "MonthComponent", "YearComponent"] }), // prettier-ignore
  IFCLOCALTIME: (file, id) => ({ text: timeOf(file, id), attributes: ["HourComponent", "MinuteComponent", "SecondComponent"] }), // prettier-ignore
  IFCDATEANDTIME: (file, id) => {
    const [date, time] = [file.reference(id, "DateComponent"), file.reference(id, "TimeComponent")];
    const texts = [date && dateOf(file, date), time && timeOf(file, time)];
    return { text: texts.filter(Boolean).join("T"), attributes: ["DateComponent", "TimeComponent"] };
  },
};

/** What an instance is called where it is a value of another one. */
export function titleOf(file: IfcFile, id: number): Title {
  const read = special[file.typeOf(id)];
  if (read !== undefined) return read(file, id);
  const name = names.find((attribute) => file.text(id, attribute) !== undefined);
  return name === undefined ? { attributes: [] } : { text: file.text(id, name), attributes: [name] };
}

function titleOfReferred(file: IfcFile, id: number, attribute: string): string | undefined {
  const referred = file.reference(id, attribute);
  return referred === undefined ? undefined : titleOf(file, referred).text;
}

/** All values of the instance, in their order. */
function whole(file: IfcFile, id: number): Title {
  const attributes = file.schema.attributesOf(file.typeOf(id)).map(({ name }) => name);
  return { text: joinValues(file.step.valuesOf(id)), attributes };
}

function joined(file: IfcFile, id: number, attributes: readonly string[], separator: string): Title {
  return { text: joinTexts(attributes.map((attribute) => file.text(id, attribute)), separator), attributes }; // prettier-ignore
}

function joinTexts(texts: readonly (string | undefined)[], separator: string): string | undefined {
  return texts.filter((text) => text !== undefined).join(separator) || undefined;
}

/** An IfcCalendarDate of IFC2X3 as ISO 8601. */
function dateOf(file: IfcFile, id: number): string {
  const [year = 0, month = 0, day = 0] = ["YearComponent", "MonthComponent", "DayComponent"].map((name) => file.number(id, name)); // prettier-ignore
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** An IfcLocalTime of IFC2X3 as ISO 8601, without its zone. */
function timeOf(file: IfcFile, id: number): string {
  const [hour = 0, minute = 0, second = 0] = ["HourComponent", "MinuteComponent", "SecondComponent"].map((name) => file.number(id, name)); // prettier-ignore
  return `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
