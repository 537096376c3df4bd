import { select } from './promql.ts';

/** An objective: the share of good events over 30 days. */
export interface Slo {
  /** The label `slo` of its recorded series. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly objective: number;
  /** Events and bad events per second, over five minutes, each without labels. Bad events are 0 when none happened. */
  readonly events: string;
  readonly errors: string;
  /** The page of docs/operations/runbooks about its alerts. */
  readonly runbook: string;
}

const perSecond = (selector: string): string => `sum(rate(${selector}[5m]))`;

/** Events slower than a bucket's bound. Bounds have a fraction, as Prometheus 3 writes `1` as `1.0`. */
function slowerThan(
  bound: '0.25' | '2.5',
  histogram: string,
  matchers: Readonly<Record<string, string>> = {},
) {
  const events = perSecond(select(`${histogram}_count`, matchers));
  const good = perSecond(select(`${histogram}_bucket`, { ...matchers, le: bound }));
  return { events, errors: `clamp_min(${events} - ${good}, 0)` };
}

const responses = 'haproxy_frontend_http_responses_total';
const requests = 'twite_http_requests_total';
const allRequests = perSecond(requests);

export const slos: readonly Slo[] = [
  {
    name: 'availability',
    title: 'Availability',
    description:
      'Requests that are answered with anything but 5xx: at the gateway where there is one, else by the servers themselves.',
    objective: 0.999,
    events: `${perSecond(select(responses, { proxy: 'api' }))} or ${allRequests}`,
    errors: `${perSecond(select(responses, { proxy: 'api', code: '5xx' }))} or ${perSecond(select(requests, { status: '=~5..' }))} or 0 * ${allRequests}`,
    runbook: 'availability',
  },
  {
    name: 'home-read-latency',
    title: 'Home reads within 250 ms',
    description: 'Reads of the home timeline that the servers answered within 250 ms.',
    objective: 0.99,
    ...slowerThan('0.25', 'twite_http_request_duration_seconds', {
      operation: 'getHomeTimeline',
      status: '2xx',
    }),
    runbook: 'home-read-latency',
  },
  {
    name: 'delivery-delay',
    title: 'Posts delivered within 2.5 s',
    description: 'Chunks of followers whose timelines had a post within 2.5 seconds.',
    objective: 0.99,
    ...slowerThan('2.5', 'twite_post_delivery_delay_seconds'),
    runbook: 'delivery-delay',
  },
];
