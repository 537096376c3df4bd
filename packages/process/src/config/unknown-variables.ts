import { allVariables } from './variables.ts';

/** Variables of Twite's other programs. They may be set in the environment of a server, which does not read them. */
export const otherVariables = {
  commandLine: [
    'TWITE_URL',
    'TWITE_TOKEN',
    'TWITE_PASSWORD',
    'TWITE_NEW_PASSWORD',
    'TWITE_RESET_LINK',
    'TWITE_CONFIG_DIR',
    'TWITE_SUPERVISED',
  ],
  /** The variables of `compose/.env` and of the containers next to the server. A test compares them with the files. */
  deployment:
    `ACME_DIRECTORY ACME_EMAIL ALERTMANAGER_CONFIG_FILE ALERTMANAGER_IMAGE ALERTMANAGER_MEMORY ALERTMANAGER_PORT
    ALERT_EMAIL_FROM ALERT_EMAIL_TO ALERT_SMTP_HOST ALERT_SMTP_PASSWORD_FILE ALERT_SMTP_USER ALERT_WEBHOOK_URL_FILE BIND
    BUNDLED_AGAIN CDN_CACHE_DIR CDN_CACHE_SIZE CDN_LISTEN CDN_MEMORY CDN_ORIGIN CDN_RESOLVER DOCKER_CONTAINERS DOMAIN
    ELASTICSEARCH_ADDRESS ELASTICSEARCH_EXPORTER_IMAGE ELASTICSEARCH_HEAP ELASTICSEARCH_IMAGE ELASTICSEARCH_MEMORY
    ELASTICSEARCH_PASSWORD EXPORTER_PORT EXTERNAL_ELASTICSEARCH_URL_FILE EXTERNAL_MONGODB_URL_FILE EXTERNAL_NEO4J_URL_FILE
    EXTERNAL_RABBITMQ_URL_FILE EXTERNAL_REDIS_URL_FILE EXTERNAL_S3_URL_FILE FILEBEAT_IMAGE FILEBEAT_MEMORY GRAFANA_IMAGE
    GRAFANA_MEMORY GRAFANA_PORT GRAFANA_URL HAPROXY_IMAGE HTTPS_PORT HTTP_PORT IMAGE KIBANA_ENCRYPTION_KEY KIBANA_IMAGE
    KIBANA_MEMORY KIBANA_PORT KIBANA_SYSTEM_PASSWORD KIBANA_URL LITE_TRUSTED_PROXIES LOG_RETENTION LOG_TAG MONGODB_CACHE_GB
    MONGODB_IMAGE MONGODB_MEMORY NEO4J_HEAP NEO4J_IMAGE NEO4J_MEMORY NEO4J_PAGECACHE NGINX_IMAGE NODE_IMAGE
    OBSERVABILITY_BIND POSTS_MEMORY PROFILE_MEMORY PROMETHEUS_DISK PROMETHEUS_IMAGE PROMETHEUS_MEMORY PROMETHEUS_PORT
    PROMETHEUS_RETENTION RABBITMQ_IMAGE RABBITMQ_MEMORY REDIS_EXPORTER_IMAGE REDIS_IMAGE REDIS_MEMORY RELAY_MEMORY REPLICAS
    S3_COMMAND S3_HEALTH S3_IMAGE S3_MEMORY SERVICE_DOMAIN SOCIAL_MEMORY TLS TLS_BIND VERSION WORKER_MEMORY`
      .split(/\s+/)
      .map((name) => `TWITE_${name}`),
} as const;

/** Variables of tests and benchmarks. */
const developmentForm = /^TWITE_(?:TEST|BENCH|FAULT|STACK)_/;

/** Matches the variables that Kubernetes sets for every service, here for services whose name starts with `twite`. */
const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/.test(name) ||
  (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):/.test(value));

const ownNames: readonly string[] = allVariables.flatMap(({ name, secret }) =>
  secret ? [name, `${name}_FILE`] : [name],
);
const known: ReadonlySet<string> = new Set([...ownNames, ...Object.values(otherVariables).flat()]);

/** The minimum number of letters to insert, delete or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at++) {
      const replaced = (row[at] as number) + (other[at] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] as number) + 1, (next[at] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}

const closestTo = (name: string): string =>
  ownNames.reduce((best, own) => (distance(name, own) < distance(name, best) ? own : best));

/** The problems of an environment with misspelt variables: each with the most similar name. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env)
    .filter(
      ([name, value = '']) =>
        name.startsWith('TWITE_') &&
        value.trim() !== '' &&
        !known.has(name) &&
        !developmentForm.test(name) &&
        !isServiceLink(name, value),
    )
    .map(([name]) => `${name} is not a variable of Twite. Did you mean ${closestTo(name)}?`);
}
