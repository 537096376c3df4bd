import { dependencies } from './dashboards/dependencies.ts';
import { media } from './dashboards/media.ts';
import { overview } from './dashboards/overview.ts';
import { posting } from './dashboards/posting.ts';
import { queues } from './dashboards/queues.ts';
import type { Dashboard } from './panels.ts';

export const dashboards: readonly Dashboard[] = [overview, posting, queues, dependencies, media];
