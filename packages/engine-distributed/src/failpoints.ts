/** Where tests let a process die, to show that nothing is lost there. */
export type FailpointName =
  | 'relay.afterPublish'
  | 'relay.afterSave'
  | 'deliveries.beforeHandle'
  | 'deliveries.afterHandle'
  | 'deliveries.afterAck'
  | 'timelines.beforePush'
  | 'timelines.afterPush';

let armed: string | undefined;
let passesLeft = 0;

/** `<name>`, or `<name>@<n>` for its nth pass; called once, by the composition root. Undefined disarms. */
export function armFailpoint(spec: string | undefined): void {
  const [name, pass] = spec?.split('@') ?? [];
  armed = name === '' ? undefined : name;
  passesLeft = Number(pass ?? 1);
}

/** Kills this process, as a power cut would, when this failpoint is armed. */
export function hit(name: FailpointName): void {
  if (armed !== name) return;
  passesLeft -= 1;
  if (passesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
