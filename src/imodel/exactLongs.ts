import type { ECSqlValue, IModelDb } from "@itwin/core-backend";
import { DbResult, type Id64String } from "@itwin/core-bentley";
import { ECSqlValueType } from "@itwin/core-common";
import { parseClassName, propsKeyOf } from "./classNames.js";

/**
 * Gives the longs of an instance as it is in the iModel. The platform reads them as numbers, which are not exact beyond
 * 2^53; they become texts with their digits, which it takes when it writes them.
 */
export function withExactLongs<T extends object>(
  imodel: IModelDb,
  { className, id }: { className: string; id: Id64String },
  props: T,
): T {
  const members = Object.entries(props).filter(([, value]) => holdsLargeNumber(value));
  if (members.length === 0) return props;
  const { schema, name } = parseClassName(className, "");
  const columns = members.map(([member]) => `[${member}]`).join();
  const ecsql = `SELECT ${columns} FROM ONLY [${schema}].[${name}] WHERE ECInstanceId=?`;
  return imodel.withPreparedStatement(ecsql, (statement) => {
    statement.bindId(1, id);
    if (statement.step() !== DbResult.BE_SQLITE_ROW) return props;
    const exact = members.map(([member, value], index) => [member, exactValue(statement.getValue(index), value)]);
    return { ...props, ...(Object.fromEntries(exact) as Partial<T>) };
  });
}

function holdsLargeNumber(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Object.values(value).some(holdsLargeNumber);
}

/** @param value - as the platform reads it */
function exactValue(stored: ECSqlValue, value: unknown): unknown {
  if (typeof value === "number") return isLong(stored) ? digitsOf(stored) : value;
  if (Array.isArray(value)) return [...stored.getArrayIterator()].map((item, index) => exactValue(item, value[index]));
  if (!holdsLargeNumber(value) || stored.columnInfo.getType() !== ECSqlValueType.Struct) return value; // such as a point
  const members = value as Record<string, unknown>;
  const exact = [...stored.getStructIterator()].flatMap((member) => {
    const name = propsKeyOf(member.columnInfo.getPropertyName());
    return name in members ? [[name, exactValue(member, members[name])] as const] : [];
  });
  return { ...members, ...Object.fromEntries(exact) };
}

function isLong({ columnInfo }: ECSqlValue): boolean {
  return columnInfo.getType() === ECSqlValueType.Int64;
}

/** As text, items of arrays are empty. As an id, they are all there, in two's complement. */
function digitsOf(stored: ECSqlValue): string {
  return BigInt.asIntN(64, BigInt(stored.getId())).toString();
}
