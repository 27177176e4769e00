import { sleep } from 'k6';
import { visit } from './lib/named.js';

function main() {
  visit();
  sleep(1);
}

export { main as default, visit };
export * from './lib/options.js';
