import { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { freeText } from './free-text.ts';
import { count, id } from './primitives.ts';

export const mediaId = z.object({ mediaId: id });

export const altText = freeText(contractLimits.altTextLengthMax, { lines: true }).meta({
  id: 'NewAltText',
  description: `A description for people who cannot see the image or video, of at most ${contractLimits.altTextLengthMax} characters (code points).`,
  examples: ['A garden behind an iron gate, in the rain.'],
});

const coordinate = z
  .number()
  .min(-1)
  .max(1)
  .meta({ examples: [0] });

/** The point that crops keep in view. */
export const focus = z.strictObject({ x: coordinate, y: coordinate }).meta({
  id: 'Focus',
  description:
    'The point that crops keep in view: x from −1 (left) to 1 (right), y from −1 (bottom) to 1 (top). 0,0 is the centre.',
  examples: [{ x: 0, y: 0.5 }],
});

/** The focus as a form field. */
export const focusField = z
  .string()
  .regex(
    /^-?(?:0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?),-?(?:0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?)$/,
    'must be two numbers from -1 to 1 with a comma between them, such as 0,0.5',
  )
  .meta({
    id: 'FocusField',
    description:
      'The x and y coordinates of the point that crops keep in view, each from −1 to 1, separated by a comma: `0,0.5`.',
    examples: ['0,0.5'],
  })
  .transform((text) => {
    const [x = 0, y = 0] = text.split(',').map(Number);
    // Removes negative zeros.
    return { x: x + 0, y: y + 0 };
  });

/** A file of a form that the server has spooled to disk. */
export interface UploadedFile {
  readonly path: string;
  readonly bytes: number;
  /** In hex. Compared to detect retries. */
  readonly sha256: string;
}

const isUploadedFile = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'path' in value && 'sha256' in value;

export const uploadedFile = z
  .any()
  .refine(isUploadedFile, 'must be a file')
  // Without an id: client generators recognise files by `format: binary` in place.
  .meta({
    type: 'string',
    format: 'binary',
    examples: ['<the bytes of the file>'],
  }) as z.ZodType<UploadedFile>;

const url = z
  .string()
  .meta({ examples: ['https://social.example/media/0b1d1c626f0e4c5e9a556d4f6f1f0a3e.webp'] });
const mimeType = z.enum(['image/webp', 'video/mp4', 'video/webm']).meta({
  id: 'MediaMimeType',
  description: 'The media type of the served file, which can differ from that of the uploaded file.',
});
const thumbhash = z
  .string()
  .nullable()
  .meta({
    description: 'A placeholder image (ThumbHash, about 25 bytes) in base64; `null` until it is computed.',
    examples: ['1QcSHQRnh493V4dIh4eXh1h4kJUI'],
  });

export const mediaVariant = z
  .object({
    name: z
      .enum(['small', 'medium', 'large', 'square96', 'square400', 'poster'])
      .describe(
        'Images have `small`, `medium` and `large` (at most 400, 1,200 and 2,400 pixels wide; images are never enlarged) and two squares cropped around the focus. Videos have a `poster`.',
      ),
    url,
    width: count,
    height: count,
    mimeType,
    bytes: count,
  })
  .meta({ id: 'MediaVariant' });

export const media = z
  .object({
    mediaId: id,
    kind: z.enum(['image', 'animation', 'video']),
    state: z
      .enum(['processing', 'ready', 'failed'])
      .describe('Images are ready immediately; a video can take a while to process.'),
    mimeType: mimeType.nullable().describe('The media type of the file at `url`; `null` until it is ready.'),
    width: count.describe('The width in pixels.'),
    height: count.describe('The height in pixels.'),
    bytes: count.nullable().describe('The size of the file at `url`; `null` until it is ready.'),
    durationMs: count.optional().describe('The duration of a video in milliseconds; absent for images.'),
    altText: z.string().meta({ examples: ['A garden behind an iron gate, in the rain.'] }),
    focus,
    thumbhash,
    url: url
      .nullable()
      .describe('The URL of the largest variant, or of the video; `null` until it is ready.'),
    variants: z.array(mediaVariant),
  })
  .meta({ id: 'Media' });

/** An account's picture, as embedded in its content. */
export const avatar = z
  .object({
    mediaId: id,
    url: url.describe('The URL of a square image, at most 400 pixels wide.'),
    smallUrl: url.describe('The URL of a square image, at most 96 pixels wide.'),
    altText: z.string().meta({ examples: ['Cosette, with a broom.'] }),
    thumbhash,
  })
  .meta({ id: 'Avatar' });
