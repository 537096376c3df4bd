// The service `certificates` of the profile `tls`: keeps a certificate for TWITE_DOMAIN by ACME, and gives it to the gateway
// while it runs. Until there is one, the gateway has a certificate that nobody trusts, so that it can start.
import { X509Certificate } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import acme from 'acme-client';
import { certificateMetrics } from './certificate-metrics.mjs';
import { serveChallenges } from './challenges.mjs';
import { giveToGateway, untilGatewayRuns } from './gateway.mjs';
import {
  certificateFile,
  hasCertificate,
  makePlaceholder,
  orderCertificate,
  readCertificate,
} from './keep-certificate.mjs';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const settings = {
  domains: (process.env.TWITE_DOMAIN ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
  email: process.env.TWITE_ACME_EMAIL || undefined,
  directoryUrl: process.env.TWITE_ACME_DIRECTORY || acme.directory.letsencrypt.production,
};

const log = (level, msg, details = {}) =>
  console.log(
    JSON.stringify({ level, time: new Date().toISOString(), service: 'certificates', msg, ...details }),
  );

if (settings.domains.length === 0) {
  log('fatal', 'TWITE_DOMAIN must name the domain of the instance, such as social.example');
  process.exit(2);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

if (!hasCertificate()) await makePlaceholder(settings.domains);
const challenges = await serveChallenges(8402, () =>
  certificateMetrics(readCertificate(), settings.domains[0]),
);

/** A third of its life before its end, as Let's Encrypt asks for: 30 days of 90. */
function isDue(pem) {
  const { validFromDate, validToDate, issuer, subject } = new X509Certificate(pem);
  if (issuer === subject) return true;
  const names = new X509Certificate(pem).subjectAltName ?? '';
  if (settings.domains.some((domain) => !names.includes(`DNS:${domain}`))) return true;
  return Date.now() > validToDate.getTime() - (validToDate.getTime() - validFromDate.getTime()) / 3;
}

// Authorities limit failures by the hour.
const firstRetry = 60_000;
let retry = firstRetry;
for (;;) {
  let pause = hour;
  try {
    await untilGatewayRuns();
    if (isDue(readCertificate())) {
      log('info', 'ordering a certificate', { domains: settings.domains });
      await orderCertificate(settings, challenges);
    }
    // In every round: an earlier one may have found no gateway, or ended before this.
    if (await giveToGateway(certificateFile, readCertificate())) {
      const { validTo } = new X509Certificate(readCertificate());
      log('info', 'the gateway has a new certificate', { validTo });
    }
    retry = firstRetry;
  } catch (error) {
    log('error', 'the certificate could not be renewed or given to the gateway; trying again', {
      reason: error.message,
      seconds: retry / 1000,
    });
    pause = retry;
    retry = Math.min(retry * 2, day / 2);
  }
  await wait(pause);
}
