import { randomBytes } from 'node:crypto';
import { integer, string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { readGraph } from '../../demo/read-graph.ts';
import { passwordStdin } from '../../flags.ts';
import { readPasswordLines } from '../../session/ask-password.ts';
import { line } from '../../terminal/printable.ts';
import { plural } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Load a social graph: an account for each node, a mutual follow for each edge, and posts.',
  description:
    'The file has one edge per line, such as `a b`; lines that begin with # or % are comments. To continue an interrupted load, run the command again with the same password. Run the server with TWITE_RATE_LIMITS=off.',
  examples: ['<%= config.bin %> demo load --graph socfb-Reed98.edges --posts 3'],
  operations: ['createAccount', 'createSession', 'followAccount', 'createPost'],
  flags: {
    graph: string({ summary: 'The edge list to load.', helpValue: '<file>', required: true }),
    posts: integer({ summary: 'The number of posts of each account.', default: 3, min: 0, max: 1000 }),
    prefix: string({ summary: 'The prefix of the handles.', default: 'u' }),
    'password-stdin': passwordStdin,
  },
  async run({ flags, url, say, note, json }) {
    const graph = await readGraph(flags.graph, flags.prefix);
    const given = flags['password-stdin']
      ? (await readPasswordLines(1))[0]
      : process.env.TWITE_PASSWORD || undefined;
    const password = given ?? randomBytes(15).toString('base64url');
    // Before anything is created: an interrupted load can only continue with it.
    if (given === undefined && !json)
      note(line`The password of all accounts, which is not shown again: ${password}`);

    const [{ loadGraph, requestCount }, { startProgress }] = await Promise.all([
      import('../../demo/load-graph.ts'),
      import('../../demo/progress.ts'),
    ]);
    const progress = await startProgress(requestCount(graph, flags.posts));
    try {
      const summary = await loadGraph({
        url,
        graph,
        prefix: flags.prefix,
        password,
        postsPerAccount: flags.posts,
        progress: progress.update,
      });
      progress.stop();
      const { accounts, existingAccounts, follows, posts } = summary;
      const before = existingAccounts > 0 ? ` (${existingAccounts} already existed)` : '';
      say(
        line`Loaded ${plural(accounts, 'account')}${before}, ${plural(follows, 'follow')}, ${plural(posts, 'post')}.`,
      );
      say(line`To look around, sign in as one of them: twite login ${flags.prefix}${graph.nodes[0] ?? ''}`);
      return { ...summary, ...(given === undefined ? { password } : {}) };
    } finally {
      progress.stop();
    }
  },
});
