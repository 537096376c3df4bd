import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

// The kernel reports times in hundredths of a second, on every architecture that Node runs on.
const tickMs = 10;

/** CPU time of a process so far, user and system, in milliseconds. NaN where it cannot be read. */
export function cpuMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return Number.NaN;
  }
}

/** The same for live threads, to the nanosecond: for work that takes less than a hundredth of a second. */
export function cpuOfThreadsMs(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ofThread = (thread: string) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    return threads.reduce((sum, thread) => sum + ofThread(thread), 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}

const inodePattern = /^\s*\d+: \S+:([0-9A-F]{4}) \S+ 0A\s+(?:\S+\s+){5}(\d+)/;

/** The process that listens on a port; undefined when it cannot be determined. */
export function listenerOn(port: number): number | undefined {
  try {
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const [, hex = '', inode = ''] = inodePattern.exec(line) ?? [];
          return Number.parseInt(hex, 16) === port ? [`socket:[${inode}]`] : [];
        }),
    );
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsOne(pid, sockets)) return Number(pid);
    }
  } catch {
    // Not Linux.
  }
  return undefined;
}

function holdsOne(pid: string, sockets: readonly string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/** CPU milliseconds since the call, by the names of the processes. */
export function watchCpu(pids: Readonly<Record<string, number>>): () => Record<string, number> {
  const read = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)]));
  const before = read();
  return () =>
    Object.fromEntries(Object.entries(read()).map(([name, after]) => [name, after - (before[name] ?? 0)]));
}

/** Busy milliseconds of all cores so far. */
function machineMs(): number {
  const [user, nice, system, , , irq, softIrq] = (
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return [user, nice, system, irq, softIrq].reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) * tickMs;
}

/** CPU milliseconds of the whole machine except this process, since the call. */
export function watchMachine(): () => Record<string, number> {
  const others = () => {
    const { user, system } = process.cpuUsage();
    return machineMs() - (user + system) / 1000;
  };
  const before = others();
  return () => ({ machine: others() - before });
}
