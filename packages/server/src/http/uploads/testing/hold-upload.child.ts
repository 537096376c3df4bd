// Has an upload on disk below the folder that its argument names, says where, and waits to be killed.
import { writeFileSync } from 'node:fs';
import { openUploadFolder } from '../upload-folder.ts';

const folder = await openUploadFolder(process.argv[2] as string);
const path = await folder.newSpool().newPath();
writeFileSync(path, 'half an upload');
process.stdout.write(`${path}\n`);
setInterval(() => {}, 60_000);
