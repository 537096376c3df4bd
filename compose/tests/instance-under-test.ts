import { type Container, docker, Instance } from './instance.ts';

export const minutes = 60_000;
export const port = 11_080;
export const ownServices = ['posts', 'social', 'profile', 'worker', 'relay'];
export const refreshesPerHour = 3_000;

/** The settings of the instance under test. */
export const env = {
  // The suites sign up hundreds of accounts from one address. Only the limit that one test reaches is left.
  TWITE_RATE_LIMIT_REFRESH_ADDRESS: `${refreshesPerHour}/3600`,
  ...Object.fromEntries(
    ['READ', 'SEARCH', 'WRITE', 'SIGN_IN', 'SIGN_UP', 'UPLOAD'].flatMap((policy) =>
      ['ACCOUNT', 'ADDRESS'].map((by) => [`TWITE_RATE_LIMIT_${policy}_${by}`, 'off']),
    ),
  ),
  TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT_ADDRESS: 'off',
  TWITE_HASH_QUEUE: '1000',
  // The test machine has less CPU than the instance requires.
  TWITE_SHED_DELAY_MS: 'off',
  TWITE_PUBLIC_URL: `http://127.0.0.1:${port}`,
};

export const instance = new Instance('twite-acceptance', port, { env });

export const running = async (...services: string[]): Promise<Container[]> =>
  (await instance.containers(...services)).filter(({ State }) => State === 'running');

/** Every secret of the instance, by name. */
export async function readSecrets(): Promise<Readonly<Record<string, string>>> {
  const volume = `${instance.project}_init-secrets:/kept:ro`;
  const inside = ['--entrypoint', 'cat', 'twite:local', '/kept/secrets.json'];
  return JSON.parse(await docker('run', '--rm', '--user', 'root', '-v', volume, ...inside));
}
