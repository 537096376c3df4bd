import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './instance.ts';

/** The program of Pebble (github.com/letsencrypt/pebble), Let's Encrypt's authority for tests: `TWITE_TEST_PEBBLE`. */
export const pebbleProgram = process.env.TWITE_TEST_PEBBLE;

/** Fills a folder with everything that the container `pebble` of pebble.override.yaml needs. */
export async function preparePebble(folder: string): Promise<void> {
  copyFileSync(pebbleProgram as string, join(folder, 'pebble'));
  const [certificate, key] = ['pebble.pem', 'pebble.key'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=pebble', '-addext', 'subjectAltName=DNS:pebble', '-keyout', key, '-out', certificate],
  ]);
  for (const file of [certificate, key]) chmodSync(file, 0o644);
  chmodSync(folder, 0o755);
  const pebble = {
    listenAddress: '0.0.0.0:14000',
    managementListenAddress: '0.0.0.0:15000',
    certificate: '/pebble/pebble.pem',
    privateKey: '/pebble/pebble.key',
    // The gateway's ports for it, inside the network.
    httpPort: 8081,
    tlsPort: 8443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble }));
}
