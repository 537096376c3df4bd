export { generateOpenApi, type OpenApiOptions } from './document.ts';
