// Posts a picture, as whoever made the token: `twite token create pictures --scope write`.
// TWITE_TOKEN=… node examples/quickstart/post-picture.ts gate.jpg "An iron gate, in the rain."
import { createTwite } from '@twite/sdk';

const [file, altText = ''] = process.argv.slice(2);
const token = process.env.TWITE_TOKEN;
if (!file || !token) {
  console.error('Set TWITE_TOKEN, and give a file and a description of it.');
  process.exit(2);
}

const twite = createTwite({ baseUrl: process.env.TWITE_URL ?? 'http://127.0.0.1:8080', token });
const { mediaId } = await twite.media.upload(file, { altText });
const post = await twite.posts.create({ text: '#picture', mediaIds: [mediaId] });
console.log(`Posted ${post.postId}: ${post.media[0]?.url}`);
