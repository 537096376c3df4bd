import { defineCommand } from '../define-command.ts';
import { bold, line, lines } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

const policy = (rate: { readonly limit: number; readonly windowSeconds: number } | null): string =>
  rate ? `${rate.limit} in ${rate.windowSeconds} s` : '';

export default defineCommand({
  summary: 'Show the name, version and limits of the instance.',
  operations: ['getInstance'],
  async run({ twite, say }) {
    const instance = await twite.instance.get();
    const rates = Object.entries(instance.rateLimits);
    say(
      lines([
        line`${bold(instance.name)} ${instance.version} (${instance.services.join(', ')})`,
        line``,
        table(['limit', ''], Object.entries(instance.limits)),
        line``,
        table(
          ['media', ''],
          Object.entries(instance.media).map(([name, limit]) => [
            name,
            Array.isArray(limit) ? limit.join(', ') : limit,
          ]),
        ),
        line``,
        rates.length === 0
          ? line`No rate limits.`
          : table(
              ['rate limit', 'an account', 'an address'],
              rates.map(([name, rate]) => [name, policy(rate.perAccount), policy(rate.perAddress)]),
            ),
      ]),
    );
    return instance;
  },
});
