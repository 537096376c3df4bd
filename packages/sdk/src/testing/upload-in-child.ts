// Uploads a file and prints the peak memory of the process. Arguments: the server and the path.
import { createTwite } from '../index.ts';

const [baseUrl = '', path = ''] = process.argv.slice(2);
const before = process.memoryUsage().rss;
let most = before;
await createTwite({ baseUrl }).media.upload(path, {
  onProgress: () => {
    most = Math.max(most, process.memoryUsage.rss());
  },
});
console.log(JSON.stringify({ grownBytes: most - before }));
