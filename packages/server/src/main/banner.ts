import type { LoadedDemo } from '../demo/offer-demo.ts';

interface Told {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly dataDir: string;
  /** When it was loaded now. */
  readonly demo: LoadedDemo | undefined;
}

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

/** What a person sees when the server is ready. */
export function makeBanner({ url, metricsUrl, dataDir, demo }: Told): string {
  const lines = [
    '',
    `  Twite is ready at ${url}`,
    '',
    `    reference  ${url}/docs`,
    `    data       ${dataDir}`,
    ...(metricsUrl === undefined ? [] : [`    metrics    ${metricsUrl}/metrics`]),
    '',
    ...(demo ? demoLines(demo) : []),
    '  Try:',
    '',
    demo ? `    npm run twite -- login ${demo.handle}` : '    npm run twite -- signup <handle>',
    '    npm run twite -- post "Good evening, #Paris"',
    '    npm run twite -- timeline',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
