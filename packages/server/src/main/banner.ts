import type { LoadedDemo } from '../demo/offer-demo.ts';

interface Told {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Where it is kept. */
  readonly data: string;
  /** When it was loaded now. */
  readonly demo: LoadedDemo | undefined;
  /** How the command line is called where the server was started: `twite`. */
  readonly twite: string;
}

/** Where the command line looks when it is told nothing. */
const defaultUrl = 'http://127.0.0.1:8080';

const demoLines = ({ handle, password, summary }: LoadedDemo): string[] => [
  `  A demo network was loaded: ${summary.accounts} accounts, ${summary.follows} follows, ${summary.posts} posts.`,
  `  Sign in as ${handle}, or as any other of them, such as Valjean or Gavroche:`,
  '',
  `    handle     ${handle}`,
  `    password   ${password}`,
  '',
  '  The password is shown this once; only its hash is kept.',
  '',
];

const signInLines = (twite: string): string[] => [
  `  To sign in to an account that exists, run \`${twite} login\` with its handle.`,
  `  If its password is lost, run \`${twite} admin password\` with its handle.`,
  '',
];

/** What a person sees when the server is ready. Its commands can be pasted as they are. */
export function makeBanner({ url, metricsUrl, data, demo, twite }: Told): string {
  const lines = [
    '',
    `  Twite is ready at ${url}`,
    '',
    `    reference  ${url}/docs`,
    `    data       ${data}`,
    ...(metricsUrl === undefined ? [] : [`    metrics    ${metricsUrl}/metrics`]),
    '',
    ...(demo ? demoLines(demo) : []),
    '  Try:',
    '',
    ...(url === defaultUrl ? [] : [`    export TWITE_URL=${url}`]),
    demo ? `    ${twite} login ${demo.handle}` : `    ${twite} signup ada`,
    `    ${twite} post "Good evening, #Paris"`,
    `    ${twite} timeline`,
    '',
    ...(demo ? [] : signInLines(twite)),
  ];
  return `${lines.join('\n')}\n`;
}
