import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a file of the operator's holds; undefined when it is not there or empty, as where compose.yaml mounts no other. */
function read(folder, name) {
  try {
    return readFileSync(join(folder, name), 'utf8').trim() || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where alerts are sent: from variables, and from files that hold secrets. Throws with what to do when some are missing. */
export function alertSettings(env, folder) {
  const config = read(folder, 'alertmanager-config');
  if (config !== undefined) return { config, webhookUrl: undefined, email: undefined };
  const to = env.TWITE_ALERT_EMAIL_TO || undefined;
  const from = env.TWITE_ALERT_EMAIL_FROM || undefined;
  const host = env.TWITE_ALERT_SMTP_HOST || undefined;
  if (to !== undefined && (from === undefined || !/^[^:\s]+:\d+$/.test(host ?? ''))) {
    throw new Error(
      'TWITE_ALERT_EMAIL_TO also needs TWITE_ALERT_EMAIL_FROM, and TWITE_ALERT_SMTP_HOST such as mail.example:587',
    );
  }
  const webhookUrl = read(folder, 'alert-webhook-url');
  if (webhookUrl !== undefined && !/^https?:$/.test(URL.parse(webhookUrl)?.protocol ?? '')) {
    throw new Error(
      'the file that TWITE_ALERT_WEBHOOK_URL_FILE names must hold one URL that begins with http:// or https://',
    );
  }
  return {
    config: undefined,
    webhookUrl,
    email: to && {
      to,
      from,
      host,
      user: env.TWITE_ALERT_SMTP_USER || undefined,
      password: read(folder, 'alert-smtp-password'),
    },
  };
}
