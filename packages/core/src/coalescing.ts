interface Flight<T> {
  readonly running: Promise<T>;
  trailing?: Promise<T>;
}

/**
 * Runs at most one task per name at a time. All callers that arrive meanwhile share the next run, which starts after
 * they asked.
 */
export function createCoalescing<T>(): (name: string, run: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Flight<T>>();
  const begin = (name: string, run: () => Promise<T>): Promise<T> => {
    const flight: Flight<T> = { running: run() };
    flights.set(name, flight);
    const end = () => {
      if (flight.trailing === undefined) flights.delete(name);
    };
    flight.running.then(end, end);
    return flight.running;
  };
  return (name, run) => {
    const flight = flights.get(name);
    if (flight === undefined) return begin(name, run);
    const next = () => begin(name, run);
    flight.trailing ??= flight.running.then(next, next);
    return flight.trailing;
  };
}
