// Holds a file in a work folder below the one in its argument, prints its path, and waits to be killed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkFolder } from '../work-folder.ts';

const folder = await openWorkFolder(process.argv[2] as string);
const path = join(await folder.makeFolder(), 'upload');
writeFileSync(path, 'half of an upload');
process.stdout.write(`${path}\n`);
// Keeps the folder reachable: if it were garbage collected, its lock would end.
setInterval(() => folder, 60_000);
