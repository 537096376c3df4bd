/** Points at which tests kill a process, to show that nothing is lost there. */
const failpointNames = [
  'relay.afterPublish',
  'relay.afterSave',
  'deliveries.beforeHandle',
  'deliveries.afterHandle',
  'deliveries.afterAck',
  'timelines.beforePush',
  'timelines.afterPush',
  'jobs.afterEnqueue',
  'posts.afterInsert',
  'posts.afterSetMedia',
  'replies.afterInsert',
  'replies.afterSetMedia',
  'accounts.afterChange',
  'media.afterReserve',
  'media.afterAddKeys',
  'media.afterPublish',
  'media.afterAttach',
  'media.beforeRelease',
  'media.afterKeep',
  'media.afterUpdate',
  'media.afterRemove',
  'media.beforeErase',
  'media.afterErase',
  'blobs.afterPut',
  'blobs.afterDelete',
  'blobs.afterCopy',
  'blobs.afterMove',
  'idempotency.beforeComplete',
  'idempotency.afterComplete',
] as const;
export type FailpointName = (typeof failpointNames)[number];

let armed: string | undefined;
let passesLeft = 0;

/** `<name>`, or `<name>@<n>` for its nth pass from now on; called by the composition root. Undefined disarms it. */
export function armFailpoint(spec: string | undefined): void {
  const [name, pass = '1'] = spec?.split('@') ?? [];
  if (name !== undefined && !failpointNames.some((known) => known === name)) {
    throw new Error(`there is no failpoint ${name}`);
  }
  armed = name;
  passesLeft = Number(pass);
}

/** Kills this process, like a power failure, when this failpoint is armed. */
export function hit(name: FailpointName): void {
  if (armed !== name) return;
  passesLeft -= 1;
  if (passesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
