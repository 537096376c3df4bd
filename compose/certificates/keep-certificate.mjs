import { chmodSync, chownSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import acme from 'acme-client';

const folder = '/certificates';
export const certificateFile = `${folder}/twite.pem`;

/** The group of gateway and certificates: compose.yaml adds it to both. */
const gatewayGroup = 10_001;

export const hasCertificate = () => existsSync(certificateFile);
export const readCertificate = () => readFileSync(certificateFile, 'utf8');

/** Renamed into place: HAProxy never sees half of it. */
function write(file, text, { mode, group }) {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  if (group !== undefined) chownSync(draft, process.getuid(), group);
  chmodSync(draft, mode);
  renameSync(draft, file);
}

/** Certificate and key in one file, as HAProxy wants them. */
const keep = (certificate, key) =>
  write(certificateFile, `${certificate.toString().trim()}\n${key.toString().trim()}\n`, {
    mode: 0o640,
    group: gatewayGroup,
  });

/** A certificate that nobody trusts. */
export async function makePlaceholder([domain]) {
  const authorization = { identifier: { type: 'dns', value: domain } };
  const [key, certificate] = await acme.crypto.createAlpnCertificate(authorization, 'not yet');
  keep(certificate, key);
}

/** A client with an account at the authority, which is made once and kept for each authority. */
async function openClient(directoryUrl, email) {
  const file = `${folder}/account-${new URL(directoryUrl).hostname}.json`;
  if (existsSync(file)) {
    const { key, url } = JSON.parse(readFileSync(file, 'utf8'));
    return new acme.Client({ directoryUrl, accountKey: key, accountUrl: url });
  }
  const key = (await acme.crypto.createPrivateEcdsaKey()).toString();
  const client = new acme.Client({ directoryUrl, accountKey: key });
  const contact = email === undefined ? {} : { contact: [`mailto:${email}`] };
  await client.createAccount({ termsOfServiceAgreed: true, ...contact });
  write(file, JSON.stringify({ key, url: client.getAccountUrl() }), { mode: 0o600 });
  return client;
}

/** Orders a certificate and keeps it. Throws what the authority says. */
export async function orderCertificate({ domains, email, directoryUrl }, challenges) {
  const client = await openClient(directoryUrl, email);
  const [key, csr] = await acme.crypto.createCsr(
    { commonName: domains[0], altNames: domains },
    await acme.crypto.createPrivateEcdsaKey(),
  );
  const certificate = await client.auto({
    csr,
    challengePriority: ['http-01'],
    // From in here the domain may lead elsewhere; the authority will see.
    skipChallengeVerification: true,
    challengeCreateFn: async (_, { token }, answer) => challenges.put(token, answer),
    challengeRemoveFn: async (_, { token }) => challenges.remove(token),
  });
  keep(certificate, key);
}
