/**
 * Alertmanager's configuration: the operator's own, or one that sends to a webhook, to an e-mail address, to both or, without
 * either, to nobody. It is JSON, which Alertmanager reads as YAML. Only what every Alertmanager since 0.25 knows.
 */
export function alertmanagerConfig({ config, webhookUrl, email }) {
  if (config !== undefined) return `${config}\n`;
  const receiver = {
    name: 'operator',
    ...(webhookUrl && { webhook_configs: [{ url: webhookUrl, send_resolved: true }] }),
    ...(email && {
      email_configs: [
        {
          to: email.to,
          from: email.from,
          smarthost: email.host,
          send_resolved: true,
          ...(email.user && { auth_username: email.user, auth_password: email.password ?? '' }),
        },
      ],
    }),
  };
  const settings = {
    route: {
      receiver: receiver.name,
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '12h',
      // What must be seen to now is repeated sooner than what can wait until tomorrow.
      routes: [{ matchers: ['severity="page"'], repeat_interval: '2h', receiver: receiver.name }],
    },
    inhibit_rules: [
      // A fast burn of an objective's budget says it all. Without the second matcher, alerts without the label would be equal.
      {
        source_matchers: ['severity="page"', 'slo!=""'],
        target_matchers: ['severity="ticket"', 'slo!=""'],
        equal: ['slo'],
      },
    ],
    receivers: [receiver],
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}
