/** Whether to send requests here. */
export interface Readiness {
  /** False while the process starts or stops, and while what it needs does not answer. */
  isReady(): Promise<boolean>;
}

/** The readiness of this process. */
export interface OwnReadiness extends Readiness {
  /** The start is over: ready from now on whenever `check` resolves. */
  becomeReady(check: () => Promise<void>): void;
  /** Not ready any more, whatever the check says: the process is stopping. */
  takeBack(): void;
}

export function createReadiness(): OwnReadiness {
  let stopping = false;
  let check: (() => Promise<void>) | undefined;
  return {
    async isReady() {
      if (stopping || check === undefined) return false;
      return check().then(
        () => !stopping,
        () => false,
      );
    },
    becomeReady(given) {
      check = given;
    },
    takeBack() {
      stopping = true;
    },
  };
}
