import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { WebhookStore } from "../../../src/api/webhooks/WebhookStore.js";
import type { Principal } from "../../../src/platform/auth/Principal.js";
import { announceRunEnd, jobCompleted } from "../../../src/webhooks/announceRunEnd.js";
import { retryDelays } from "../../../src/webhooks/Deliveries.js";
import { WebhookDelivery, type DeliveryTimes } from "../../../src/work/webhooks/WebhookDelivery.js";
import { toLongId } from "../../../src/platform/ids.js";
import { WorkTest } from "../WorkTest.js";
import { Receiver, type ReceiverAnswer } from "./Receiver.js";

const secret = "0123456789abcdef0123456789abcdef";
const kit = { categories: ["Steel"], parts: [{ id: "a", size: 1 }] };

describe("Webhooks", () => {
  let work: WorkTest;
  let receiver: Receiver;
  let open: WebhookDelivery[];

  beforeEach(async () => {
    open = [];
    work = await WorkTest.start({ webhooks: { allowedPrivateHosts: ["127.0.0.1"] } });
    receiver = await Receiver.start(secret);
  });
  afterEach(async () => {
    for (const delivery of open) await delivery.close();
    await receiver.close();
    await work.close();
  });

  const owner = (iTwins: string[] = ["*"]): Principal => ({
    subject: "hooks",
    name: "hooks",
    scopes: new Set(),
    iTwins: new Set(iTwins),
    expiresAt: 0,
  });

  async function addWebhook({ url = receiver.url, by = owner() } = {}): Promise<string> {
    const store = new WebhookStore(work.context.db);
    const body = { callbackUrl: url, eventTypes: [jobCompleted] as [typeof jobCompleted], scope: "Account" as const };
    const { id } = await store.create({ ...body, secret }, null, by);
    await store.update(id, { active: true }, by);
    return id;
  }

  /** A run that is over, without having been executed. */
  async function endRun(): Promise<string> {
    const { db } = work.context;
    const id = await work.insert([]);
    await db.updateTable("runs").set({ state: "Completed", result: "PartialSuccess" }).where("id", "=", id).execute();
    await db.transaction().execute((transaction) => announceRunEnd(transaction, id));
    return id;
  }

  function deliver(times: Partial<DeliveryTimes> = {}, context = work.context): WebhookDelivery {
    const delivery = new WebhookDelivery(context, { polling: 0.1, retries: [0.1, 0.1, 0.1], ...times });
    delivery.start();
    open.push(delivery);
    return delivery;
  }

  const waiting = () => work.context.db.selectFrom("webhook_deliveries").selectAll().execute();
  const hook = (id: string) =>
    work.context.db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  async function untilNothingWaits(): Promise<void> {
    const end = Date.now() + 60_000;
    while ((await waiting()).length > 0) {
      if (Date.now() > end) throw new Error("events still wait");
      await delay(20);
    }
  }

  it("are told that a run is over, with a signature over the bytes", async () => {
    const webhookId = await addWebhook();
    deliver();
    work.work();
    const runId = await work.request({ content: kit });
    const [request] = await receiver.got(1, 300);
    const run = await work.ended(runId);
    expect(request!.headers).to.include({ "content-type": "application/json" });
    expect(request!.headers.signature).to.match(/^sha256=[\da-f]{64}$/);
    const event = JSON.parse(request!.body.toString("utf8")) as Record<string, string>;
    const { itwin_id: iTwinId } = await work.context.db.selectFrom("connections").selectAll().executeTakeFirstOrThrow();
    expect(event).to.deep.equal({
      content: {
        synchronizationId: runId,
        iModelId: run.imodel_id,
        connectionId: toLongId(run.imodel_id, run.connection_id),
        result: "success",
      },
      eventType: "synchronization.jobCompleted.v1",
      enqueuedDateTime: event.enqueuedDateTime,
      iTwinId,
      messageId: event.messageId,
      webhookId,
    });
    expect(new Date(event.enqueuedDateTime!).toISOString()).to.equal(event.enqueuedDateTime);
    await untilNothingWaits(); // the receiver has found the signature to be right
  });

  it("are told of a run that is cancelled before it begins", async () => {
    await addWebhook();
    const id = await work.insert([]);
    await work.change(id, { cancel_requested: true, worker_id: null });
    await work.context.db
      .updateTable("runs")
      .set({ available_at: new Date(Date.now() + 3_600_000) })
      .execute();
    deliver();
    work.work();
    const [request] = await receiver.got(1);
    expect(JSON.parse(request!.body.toString("utf8"))).to.nested.include({ "content.result": "cancelled" });
  });

  it("get an event again, the same bytes, until they answer with success", async () => {
    await addWebhook();
    receiver.answers.push({ status: 500 }, { status: 404 });
    await endRun();
    deliver();
    await untilNothingWaits();
    expect(receiver.received).to.have.lengthOf(3);
    const [first, ...others] = receiver.received.map(({ body, headers }) => [body.toString("hex"), headers.signature]);
    for (const other of others) expect(other).to.deep.equal(first);
  });

  it("get an event again if they take longer than five seconds", async () => {
    await addWebhook();
    receiver.answers.push(undefined);
    await endRun();
    deliver();
    await receiver.got(2);
    await untilNothingWaits();
  });

  it("are not called where a redirect leads", async () => {
    await addWebhook();
    const other = await Receiver.start(secret);
    const redirect: ReceiverAnswer = { status: 307, headers: { location: other.url } };
    receiver.answers.push(redirect);
    await endRun();
    deliver();
    await receiver.got(2);
    await untilNothingWaits();
    expect(other.received).to.deep.equal([]);
    await other.close();
  });

  it("are not called at addresses of internal systems", async () => {
    const url = receiver.url.replace("127.0.0.1", "localhost");
    const id = await addWebhook({ url });
    await endRun();
    const config = { ...work.context.config, webhooks: { allowedPrivateHosts: [] } };
    deliver({}, { ...work.context, config });
    await untilNothingWaits();
    expect(receiver.received).to.deep.equal([]);
    expect((await hook(id)).failing_since).to.be.instanceOf(Date);
  });

  it("give an event up after the last attempt", async () => {
    await addWebhook();
    receiver.answers.push(...Array.from({ length: 4 }, () => ({ status: 503 })));
    await endRun();
    deliver();
    await untilNothingWaits();
    expect(receiver.received).to.have.lengthOf(4);
    expect(retryDelays).to.deep.equal([10, 60, 300, 1800, 7200, 21_600]);
  });

  it("are deactivated by 410", async () => {
    const id = await addWebhook();
    receiver.answers.push({ status: 410 });
    await endRun();
    deliver();
    await receiver.got(1);
    while ((await hook(id)).is_active) await delay(20);
    await endRun();
    expect(await waiting()).to.have.lengthOf(1); // the first one; the second was not meant for it
  });

  it("are deactivated after three days of failure", async () => {
    const id = await addWebhook();
    const long = new Date(Date.now() - 3 * 24 * 3600 * 1000 - 1000);
    await work.context.db.updateTable("webhooks").set({ failing_since: long }).execute();
    receiver.answers.push({ status: 500 });
    await endRun();
    deliver();
    await receiver.got(1);
    while ((await hook(id)).is_active) await delay(20);
  });

  it("forget failures when an event arrives", async () => {
    const id = await addWebhook();
    await work.context.db.updateTable("webhooks").set({ failing_since: new Date() }).execute();
    await endRun();
    deliver();
    await untilNothingWaits();
    expect((await hook(id)).failing_since).to.equal(null);
  });

  it("get each event once from several processes, and those that waited while there was none", async () => {
    await addWebhook();
    await addWebhook();
    const runs: string[] = [];
    for (let count = 0; count < 5; count++) runs.push(await endRun());
    for (let count = 0; count < 3; count++) deliver();
    await untilNothingWaits();
    const ids = receiver.received.map(({ body }) => (JSON.parse(body.toString()) as { messageId: string }).messageId);
    expect(ids).to.have.lengthOf(10);
    expect(new Set(ids).size).to.equal(10);
  });

  it("get an event from another process after the one that had it has died", async () => {
    await addWebhook();
    await endRun();
    const lease_until = new Date(Date.now() + 1000);
    await work.context.db.updateTable("webhook_deliveries").set({ lease_id: "dead", lease_until }).execute();
    deliver();
    await untilNothingWaits();
    expect(receiver.received).to.have.lengthOf(1);
    expect(Date.now()).to.be.greaterThan(lease_until.getTime() - 100);
  });

  it("hear nothing of iTwins that their owner may not use", async () => {
    await addWebhook({ by: owner([]) });
    await addWebhook({ by: owner([randomUUID()]) });
    await endRun();
    expect(await waiting()).to.deep.equal([]);
    const { db } = work.context;
    const { itwin_id } = await db.selectFrom("connections").selectAll().executeTakeFirstOrThrow();
    await db.insertInto("itwin_members").values({ itwin_id, subject: "hooks" }).execute();
    await endRun();
    expect(await waiting()).to.have.lengthOf(2);
  });
});
