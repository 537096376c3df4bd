import { defineLocalCommand } from '../define-command.ts';
import { listProfiles } from '../session/profiles.ts';
import { dim } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

export default defineLocalCommand({
  summary: 'List your profiles on this machine: one for each server or account that you use.',
  description:
    'Sign in with --profile NAME to create a profile. It has its own session and remembers its server. TWITE_PROFILE selects a profile for all commands.',
  examples: [
    '<%= config.bin %> login ada --profile work --url https://twite.example',
    '<%= config.bin %> timeline --profile work',
  ],
  async run({ say, note, configFolder }) {
    const profiles = listProfiles(configFolder);
    if (profiles.length === 0) note(dim('No profiles. Create one: twite login HANDLE --profile NAME'));
    else
      say(
        table(
          ['profile', 'server'],
          profiles.map(({ name, url }) => [name, url]),
        ),
      );
    return { items: profiles, nextCursor: null };
  },
});
