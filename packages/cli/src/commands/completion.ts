import { string } from '@oclif/core/args';
import { defineLocalCommand } from '../define-command.ts';
import { laidOut } from '../terminal/printable.ts';

/** Each script calls `twite __complete` with the words typed so far, so scripts never get outdated. */
const scripts = {
  bash: `_twite() {
  local IFS=$'\\n'
  local found
  found=$(twite __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _twite twite`,
  zsh: `#compdef twite
_twite() {
  local line
  local -a found
  for line in "\${(@f)$(twite __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    found+=("\${line/$'\\t'/:}")
  done
  _describe twite found
}
compdef _twite twite`,
  fish: `complete -c twite -a '(twite __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

export default defineLocalCommand({
  summary: 'Print a script that completes commands and flags in your shell.',
  examples: [
    'source <(<%= config.bin %> completion bash)',
    'source <(<%= config.bin %> completion zsh)',
    '<%= config.bin %> completion fish > ~/.config/fish/completions/twite.fish',
  ],
  args: {
    shell: string({
      description: 'bash, zsh or fish.',
      required: true,
      options: Object.keys(scripts),
      ignoreStdin: true,
    }),
  },
  async run({ args, say }) {
    const script = scripts[args.shell as keyof typeof scripts];
    say(laidOut(script));
    return { shell: args.shell, script };
  },
});
