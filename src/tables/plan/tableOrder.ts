import type { TablePlan } from "./TablePlan.js";

/** The tables, by their names in the mapping, that a table refers to. */
type TargetsOf = (plan: TablePlan) => readonly string[];

/**
 * Puts tables into an order in which fewer rows wait for others: parents before their children and, as far as that
 * leaves it possible, targets of relationships before those that refer to them. Otherwise the order stays as it is, also
 * within a circle.
 */
export function orderPlans(plans: readonly TablePlan[]): TablePlan[] {
  const parents: TargetsOf = ({ mapped }) => [mapped?.mapping.parent ?? []].flat().map(({ table }) => table);
  const targets: TargetsOf = ({ mapped }) => (mapped?.mapping.relationships ?? []).map(({ table }) => table);
  const ordered = order(plans, (plan) => [...parents(plan), ...targets(plan)]);
  return order(ordered, parents); // last, because parents count more: a child waits as a whole
}

/** The first plan is next that waits for none of those left, unless that one waits for it too. */
function order(plans: readonly TablePlan[], targetsOf: TargetsOf): TablePlan[] {
  const needs = findNeeds(plans, targetsOf);
  const isNeededBy = (needed: TablePlan, plan: TablePlan) => needs.get(plan)?.has(needed) === true;
  const left = [...plans];
  const isFree = (plan: TablePlan) => left.every((other) => !isNeededBy(other, plan) || isNeededBy(plan, other));
  const ordered: TablePlan[] = [];
  while (left.length > 0) ordered.push(...left.splice(left.findIndex(isFree), 1));
  return ordered;
}

/** For each plan those that it refers to, also by way of others. */
function findNeeds(plans: readonly TablePlan[], targetsOf: TargetsOf): Map<TablePlan, ReadonlySet<TablePlan>> {
  const byName = new Map(plans.filter(({ mapped }) => mapped !== undefined).map((plan) => [plan.kind, plan]));
  return new Map(
    plans.map((plan) => {
      const found = new Set<TablePlan>();
      const queue = [plan];
      for (let from = queue.pop(); from !== undefined; from = queue.pop())
        for (const target of targetsOf(from).flatMap((name) => byName.get(name) ?? [])) {
          if (!found.has(target)) queue.push(target);
          found.add(target);
        }
      return [plan, found];
    }),
  );
}
