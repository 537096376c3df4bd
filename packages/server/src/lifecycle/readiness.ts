/** Whether to send requests here. */
export interface Readiness {
  /** False from the moment that the server was told to stop, or when its store does not answer. */
  isReady(): Promise<boolean>;
}

/** A readiness that can be taken back. */
export interface OwnReadiness extends Readiness {
  /** For good. */
  takeBack(): void;
}

/** `checkPrimary` rejects when the store does not answer. */
export function createReadiness(checkPrimary: () => Promise<void>): OwnReadiness {
  let stopping = false;
  return {
    async isReady() {
      if (stopping) return false;
      return checkPrimary().then(
        () => !stopping,
        () => false,
      );
    },
    takeBack() {
      stopping = true;
    },
  };
}
