/** Whether to send requests here. */
export interface Readiness {
  /** False while the process starts or stops, and while a required dependency does not answer. */
  isReady(): Promise<boolean>;
}

/** The readiness of this process. */
export interface OwnReadiness extends Readiness {
  /** Ends the startup: ready from now on whenever `check` resolves. */
  becomeReady(check: () => Promise<void>): void;
  /** No longer ready, whatever the check says: the process is stopping. */
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
