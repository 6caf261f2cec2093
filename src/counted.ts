/** Words after which what is counted does not change. */
const beforeRest = / (?:of|in|outside|within|with|without|whose|for|from|beside|or)\b/;

/** Things with their number, such as `1 element`, `1,200 elements`. */
export function counted(count: number, one: string, many = pluralOf(one)): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** A number as a person reads it. */
export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** Several of what a noun names, such as `units of a column`. Names of classes stay as they are. */
export function pluralOf(noun: string): string {
  const end = beforeRest.exec(noun)?.index ?? noun.length;
  const [head, rest] = [noun.slice(0, end), noun.slice(end)];
  if (!/(?:^| )[a-z]+$/.test(head) || /[^s]s$/.test(head)) return noun;
  if (/[^aeiou]y$/.test(head)) return `${head.slice(0, -1)}ies${rest}`;
  return `${head}${/(?:ss|x|ch|sh)$/.test(head) ? "es" : "s"}${rest}`;
}
