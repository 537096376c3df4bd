import { X509Certificate } from 'node:crypto';

const name = 'twite_certificate_expiry_timestamp_seconds';

/**
 * When the certificate ends, in the text format of Prometheus. A placeholder, which nobody trusts, counts as ended when it was
 * made: an alert follows unless a real one comes soon.
 */
export function certificateMetrics(pem, domain) {
  const { issuer, subject, validFromDate, validToDate } = new X509Certificate(pem);
  const end = issuer === subject ? validFromDate : validToDate;
  return `# HELP ${name} When the certificate of the gateway ends, in seconds since 1970.
# TYPE ${name} gauge
${name}{domain="${domain}"} ${end.getTime() / 1000}
`;
}
