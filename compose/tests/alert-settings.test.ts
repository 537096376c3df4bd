import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alertSettings } from '../init/alert-settings.mjs';
import { alertmanagerConfig } from '../init/alertmanager-config.mjs';
import { isInstalled } from './observed-system.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twite-alerts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const mail = {
  TWITE_ALERT_EMAIL_TO: 'you@example.org',
  TWITE_ALERT_EMAIL_FROM: 'twite@example.org',
  TWITE_ALERT_SMTP_HOST: 'mail.example.org:587',
};

/** The configuration with these variables, and the operator's files by their names. */
function configOf(
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): string {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return alertmanagerConfig(alertSettings(env, folder));
}

const receiverOf = (config: string) => JSON.parse(config).receivers[0];

describe('where alerts are sent', () => {
  test('are nowhere by default, and with empty files or variables', () => {
    const none = configOf({});
    expect(receiverOf(none)).toEqual({ name: 'operator' });
    const empty = { TWITE_ALERT_EMAIL_TO: '', TWITE_ALERT_EMAIL_FROM: '', TWITE_ALERT_SMTP_HOST: '' };
    const files = { 'alert-webhook-url': '', 'alert-smtp-password': '', 'alertmanager-config': '' };
    expect(configOf(empty, files)).toBe(none);
  });

  test('to a webhook, to an address, to both', () => {
    const webhook = { 'alert-webhook-url': 'https://hooks.example/T0/secret\n' };
    expect(receiverOf(configOf({}, webhook))).toEqual({
      name: 'operator',
      webhook_configs: [{ url: 'https://hooks.example/T0/secret', send_resolved: true }],
    });
    const both = receiverOf(
      configOf(
        { ...mail, TWITE_ALERT_SMTP_USER: 'twite' },
        { ...webhook, 'alert-smtp-password': 'pass: "word"\n' },
      ),
    );
    expect(both.webhook_configs).toHaveLength(1);
    expect(both.email_configs).toEqual([
      {
        to: 'you@example.org',
        from: 'twite@example.org',
        smarthost: 'mail.example.org:587',
        send_resolved: true,
        auth_username: 'twite',
        auth_password: 'pass: "word"',
      },
    ]);
  });

  test('are defined by an Alertmanager configuration of the operator, regardless of other settings', () => {
    const own = 'route: {receiver: mine}\nreceivers: [{name: mine}]';
    expect(configOf(mail, { 'alertmanager-config': `${own}\n`, 'alert-webhook-url': 'nonsense' })).toBe(
      `${own}\n`,
    );
  });

  test.each([
    [{ TWITE_ALERT_EMAIL_TO: 'you@example.org' }, 'TWITE_ALERT_EMAIL_FROM'],
    [{ ...mail, TWITE_ALERT_SMTP_HOST: 'mail.example.org' }, 'mail.example:587'],
  ])('refuses %j, and says what is missing', (env, message) => {
    expect(() => configOf(env)).toThrow(message);
  });

  test('refuses a file without a URL, and does not print its content', () => {
    const refused = () => configOf({}, { 'alert-webhook-url': 'hooks.example/secret' });
    expect(refused).toThrow('must hold one URL');
    expect(refused).not.toThrow(/secret/);
  });
});

if (!isInstalled('amtool'))
  console.log('LEFT OUT: Alertmanager’s own check of its configuration (Debian: prometheus-alertmanager).');

describe.runIf(isInstalled('amtool'))('Alertmanager', () => {
  test.each([
    ['nobody', {}, {}],
    ['a webhook', {}, { 'alert-webhook-url': 'https://hooks.example/T0/secret' }],
    ['an address', { ...mail, TWITE_ALERT_SMTP_USER: 'twite' }, { 'alert-smtp-password': '"\\' }],
  ])('accepts a configuration that sends to %s', (_, env, files) => {
    const file = join(folder, 'alertmanager.yml');
    writeFileSync(file, configOf(env, files));
    const { status, stdout, stderr } = spawnSync('amtool', ['check-config', file], { encoding: 'utf8' });
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('SUCCESS')]);
  });
});
