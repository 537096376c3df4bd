import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import acme from 'acme-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { certificateMetrics } from '../certificates/certificate-metrics.mjs';
import { giveToGateway } from '../certificates/gateway.mjs';

async function makeCertificate(): Promise<string> {
  const authorization = { identifier: { type: 'dns', value: 'twite.test' } } as acme.Authorization;
  const [key, certificate] = await acme.crypto.createAlpnCertificate(authorization, 'for a test');
  return `${certificate.toString().trim()}\n${key.toString().trim()}\n`;
}

/** With the subject `twite.test` and the issuer `authority`. */
const signedByAnother = `-----BEGIN CERTIFICATE-----
MIIBIzCBygIUQj9xZuz+1ByeAqk+/joiz4b8N04wCgYIKoZIzj0EAwIwFDESMBAG
A1UEAwwJYXV0aG9yaXR5MB4XDTI2MTEzMDAxMDMyNVoXDTI3MDIyODAxMDMyNVow
FTETMBEGA1UEAwwKdHdpdGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BGCRmegGK5JlMGS/+OPVG/ksrhGG/J9mivWfpnyLoBmRJ3DOabhb7UTMfmkPV2Fl
VBfUO2wAuFF0SrXNrGtHpLEwCgYIKoZIzj0EAwIDSAAwRQIgKUK8Y42D0ZvduoaH
Z3yzKGA0WPa7HPhiDDEmcqQ61fICIQDr3ikFfq4frpbp8xMSc0cwrvMRY2q/oY01
KpfN2ugN4Q==
-----END CERTIFICATE-----`;

test('exports the expiry of the certificate to Prometheus; an untrusted certificate counts as expired', async () => {
  const pem = await makeCertificate();
  const { validFromDate } = new X509Certificate(pem);
  const told = certificateMetrics(pem, 'twite.test');
  expect(told).toMatch(/^# TYPE twite_certificate_expiry_timestamp_seconds gauge$/m);
  expect(told.trim().split('\n').at(-1)).toBe(
    `twite_certificate_expiry_timestamp_seconds{domain="twite.test"} ${validFromDate.getTime() / 1000}`,
  );
  expect(certificateMetrics(signedByAnother, 'a')).toContain('{domain="a"} 1803776605\n');
});

describe.runIf(spawnSync('haproxy', ['-v']).status === 0)('a certificate for the gateway', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twite-certificates-'));
  const [file, socket] = [join(folder, 'twite.pem'), join(folder, 'admin.sock')];
  let haproxy: ChildProcess;

  const show = async (): Promise<string> => {
    const connection = connect(socket);
    connection.write(`show ssl cert ${file}; show ssl cert\n`);
    return await text(connection);
  };
  const served = async () => /SHA1 FingerPrint: (\w+)/.exec(await show())?.[1];
  const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '');

  beforeAll(async () => {
    writeFileSync(file, await makeCertificate());
    const config = join(folder, 'haproxy.cfg');
    writeFileSync(
      config,
      `global
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend secure
  bind unix@${join(folder, 'secure.sock')} ssl crt ${file}
`,
    );
    haproxy = spawn('haproxy', ['-db', '-f', config], { stdio: 'inherit' });
    await vi.waitUntil(() => existsSync(socket), { timeout: 20_000 });
  }, 30_000);
  afterAll(async () => {
    haproxy.kill('SIGKILL');
    await once(haproxy, 'exit');
    rmSync(folder, { recursive: true });
  });

  test('is passed to the gateway only if the gateway serves another one', async () => {
    const renewed = await makeCertificate();
    expect(await giveToGateway(file, renewed, socket)).toBe(true);
    expect(await served()).toBe(fingerprintOf(renewed));
    expect(await giveToGateway(file, renewed, socket)).toBe(false);
  });

  test('leaves no transaction if HAProxy refuses it, and the next one is accepted', async () => {
    const before = await served();
    const [certificate, key] = [await makeCertificate(), await makeCertificate()];
    const mismatched =
      certificate.split('-----BEGIN PRIVATE')[0] + key.slice(key.indexOf('-----BEGIN PRIVATE'));
    await expect(giveToGateway(file, mismatched, socket)).rejects.toThrow('did not take the certificate');
    expect(await served()).toBe(before);
    expect(await show()).not.toMatch(/^\*/m);
    const renewed = await makeCertificate();
    expect(await giveToGateway(file, renewed, socket)).toBe(true);
    expect(await served()).toBe(fingerprintOf(renewed));
  });

  test('fails without a gateway, so that a later round retries', async () => {
    await expect(giveToGateway(file, await makeCertificate(), join(folder, 'none.sock'))).rejects.toThrow(
      'ENOENT',
    );
  });
});
