import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { type Check, type Finding, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { isAtLeast } from '@twite/core/doctor/versions';
import { nodeTooOld } from '../main/node-version.ts';

const mebibyte = 1024 ** 2;
const run = promisify(execFile);

/** The text of a kernel file; undefined where it does not exist, as on another system. */
const kernelFile = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch(() => undefined);

export const nodeVersion: Check = {
  name: 'node',
  fix: 'Install Node 24.11 or newer.',
  async find() {
    const problem = nodeTooOld(process.versions.node);
    return problem === undefined
      ? pass(`Node ${process.versions.node}`)
      : fail(problem, 'Install Node 24.11 or newer.');
  },
};

export const operatingSystem: Check = {
  name: 'system',
  fix: 'Run Twite on Linux.',
  async find() {
    const words = `${platform()} ${release()} on ${arch()}`;
    if (platform() === 'linux' && ['x64', 'arm64'].includes(arch())) return pass(words);
    return warn(
      `${words}: not what servers are tested on`,
      'For production, run Twite on Linux, x64 or arm64.',
    );
  },
};

/** `leastMiB`: the need of a server, with some room. */
export const memory = (leastMiB: number): Check => ({
  name: 'memory',
  fix: 'Free memory, or raise the limit of the container.',
  async find() {
    // A container's limit; larger than the machine's memory without one.
    const limit = process.constrainedMemory();
    const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
    const available = process.availableMemory();
    const words = `${Math.round(available / mebibyte)} of ${Math.round(total / mebibyte)} MiB are available`;
    if (total < leastMiB * mebibyte) return fail(words, `Give Twite ${leastMiB} MiB or more.`);
    if (available < leastMiB * mebibyte) return warn(words, `Free memory: Twite needs ${leastMiB} MiB.`);
    return pass(words);
  },
});

const filesLeast = 4_096;

export const openFiles: Check = {
  name: 'open files',
  fix: 'Raise the limit of open files (ulimit -n, LimitNOFILE).',
  async find() {
    const limits = await kernelFile('/proc/self/limits');
    const found = /^Max open files\s+(\d+)/m.exec(limits ?? '')?.[1];
    if (found === undefined) return pass('the limit is unknown on this system');
    if (Number(found) >= filesLeast) return pass(`${found} files can be open`);
    return warn(
      `${found} files can be open, and each connection needs one`,
      `Raise the limit to ${filesLeast} or more (ulimit -n, LimitNOFILE).`,
    );
  },
};

/** For services that run on this machine. */
export const avx: Check = {
  name: 'cpu',
  fix: 'Run MongoDB on a CPU with AVX.',
  async find() {
    if (arch() !== 'x64') return pass(`${arch()}: AVX is not required`);
    const info = await kernelFile('/proc/cpuinfo');
    if (info === undefined) return pass('the features of the CPU are unknown on this system');
    if (/^flags\s*:.*\bavx\b/m.test(info)) return pass('has AVX, which MongoDB needs');
    return fail(
      'has no AVX: MongoDB 5 and newer end with "Illegal instruction"',
      'Run MongoDB on another machine, or give the virtual machine the CPU type "host".',
    );
  },
};

const mapCountLeast = 262_144;

export const mapCount: Check = {
  name: 'vm.max_map_count',
  fix: 'Set vm.max_map_count.',
  async find() {
    const found = await kernelFile('/proc/sys/vm/max_map_count');
    if (found === undefined) return pass('unknown on this system');
    const count = Number(found);
    if (count >= mapCountLeast) return pass(String(count));
    return warn(
      `${count} is too low for an Elasticsearch in production`,
      `sysctl -w vm.max_map_count=${mapCountLeast}, and keep it in /etc/sysctl.d/twite.conf.`,
    );
  },
};

export const overcommit: Check = {
  name: 'vm.overcommit_memory',
  fix: 'Set vm.overcommit_memory.',
  async find() {
    const found = (await kernelFile('/proc/sys/vm/overcommit_memory'))?.trim();
    if (found === undefined || found === '1') return pass(found ?? 'unknown on this system');
    return warn(
      `${found}: Redis can fail to save when memory is low`,
      'sysctl -w vm.overcommit_memory=1, and keep it in /etc/sysctl.d/twite.conf.',
    );
  },
};

export const hugePages: Check = {
  name: 'huge pages',
  fix: 'Set /sys/kernel/mm/transparent_hugepage/enabled.',
  async find() {
    const found = await kernelFile('/sys/kernel/mm/transparent_hugepage/enabled');
    const chosen = /\[(\w+)\]/.exec(found ?? '')?.[1];
    if (chosen !== 'always') return pass(chosen ?? 'unknown on this system');
    return warn(
      'always: Redis is slow while it saves',
      'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled. Use `always` only if MongoDB 8 runs alone on the machine.',
    );
  },
};

const toolMs = 3_000;
/** compose/ starts its health checks with `start_interval`, which older engines do not support. */
const engineLeast = '25.0';
const composeLeast = '2.24';

async function versionOf(args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('docker', [...args], { timeout: toolMs });
    return /\d+\.\d+[.\d]*/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}

export const docker: Check = {
  name: 'docker',
  fix: 'Install Docker.',
  async find(): Promise<Finding> {
    const [client, engine, compose] = await Promise.all([
      versionOf(['--version']),
      // Undefined where the engine does not run, or this user has no access to it.
      versionOf(['version', '--format', '{{.Server.Version}}']),
      versionOf(['compose', 'version']),
    ]);
    if (client === undefined) return pass('is not installed: only compose/ needs it');
    if (engine !== undefined && !isAtLeast(engine, engineLeast)) {
      return warn(
        `Docker Engine ${engine} is old`,
        `Install Docker Engine ${engineLeast} or newer for compose/.`,
      );
    }
    const words = engine === undefined ? `Docker ${client}` : `Docker Engine ${engine}`;
    if (compose === undefined)
      return warn(`${words} has no Compose`, 'Install the plugin docker-compose-plugin for compose/.');
    if (isAtLeast(compose, composeLeast)) return pass(`${words}, Compose ${compose}`);
    return warn(`Compose ${compose} is old`, `Install Compose ${composeLeast} or newer for compose/.`);
  },
};
