import { hit } from '../failpoints.ts';
import type { Log } from '../log.ts';
import { LeaseLost } from '../mongodb/epoch-lease.ts';
import type { Lease, RelayPlace } from './leader-lease.ts';

const IN_FLIGHT_MAX = 500;
const SAVE_MS = 100;
const SAVE_CHANGES = 500;

interface Sent {
  readonly place: RelayPlace;
  confirmed: boolean;
}

/** Unconfirmed messages in order, and the place after the confirmed ones, from which it is safe to resume. */
export interface RelayWindow {
  /** Waits until more may be sent. */
  room(): Promise<void>;
  /** A failed send ends the relaying, as later messages must not overtake it. */
  add(place: RelayPlace, sending: Promise<unknown>): void;
  /**
   * Nothing new arrived: this place is as good as the saved one, and is saved so that an old one is not lost with the
   * history.
   */
  idle(place: RelayPlace): void;
  /** Waits for the messages in flight, and saves. */
  close(): Promise<void>;
}

export function openWindow(options: {
  readonly lease: Lease;
  readonly log: Log;
  /**
   * How many may be in flight at first: few after a failure, as everything in flight is sent again after the next one.
   */
  readonly startWith: number;
  readonly onFailure: (error: unknown) => void;
  readonly onSaved: () => void;
  readonly idleSaveMs: number;
}): RelayWindow {
  const { lease, log, onFailure, onSaved, idleSaveMs } = options;
  const sent: Sent[] = [];
  let limit = Math.min(IN_FLIGHT_MAX, options.startWith);
  let safe: RelayPlace | undefined;
  let saved: RelayPlace | undefined;
  let savedMs = Number.NEGATIVE_INFINITY;
  let unsaved = 0;
  let failed = false;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> | undefined;
  let roomWaiter: (() => void) | undefined;
  let emptyWaiter: (() => void) | undefined;

  function fail(error: unknown): void {
    if (!failed) onFailure(error);
    failed = true;
    roomWaiter?.();
    emptyWaiter?.();
  }

  function confirm(one: Sent): void {
    one.confirmed = true;
    if (failed) return;
    limit = Math.min(IN_FLIGHT_MAX, 2 * limit);
    while (sent[0]?.confirmed === true) {
      safe = sent.shift()?.place;
      unsaved += 1;
    }
    if (sent.length < limit) roomWaiter?.();
    if (sent.length === 0) emptyWaiter?.();
    if (safe !== saved) scheduleSave();
  }

  function scheduleSave(): void {
    if (unsaved >= SAVE_CHANGES) save();
    else timer ??= setTimeout(save, SAVE_MS);
  }

  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    saving ??= saveNow().finally(() => {
      saving = undefined;
      if (safe !== saved && !failed) scheduleSave();
    });
  }

  async function saveNow(): Promise<void> {
    const place = safe;
    if (place === undefined || place === saved) return;
    unsaved = 0;
    hit('relay.afterPublish');
    try {
      await lease.save(place);
      hit('relay.afterSave');
      saved = place;
      savedMs = performance.now();
      onSaved();
    } catch (error) {
      if (error instanceof LeaseLost) fail(error);
      else log({ level: 'warn', msg: 'relay position not saved', err: error });
    }
  }

  return {
    room() {
      if (failed || sent.length < limit) return Promise.resolve();
      return new Promise((resolve) => {
        roomWaiter = resolve;
      });
    },
    add(place, sending) {
      const one = { place, confirmed: false };
      sent.push(one);
      sending.then(() => confirm(one), fail);
    },
    idle(place) {
      if (failed || sent.length > 0 || performance.now() - savedMs < idleSaveMs) return;
      safe = place;
      save();
    },
    async close() {
      if (!failed && sent.length > 0) {
        await new Promise<void>((resolve) => {
          emptyWaiter = resolve;
        });
      }
      await saving;
      if (!failed && lease.isHeld()) await saveNow();
      failed = true;
      clearTimeout(timer);
    },
  };
}
