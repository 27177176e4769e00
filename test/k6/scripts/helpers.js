import http from 'k6/http';
import { login, BASE } from './lib/login.js';
import * as pages from './lib/pages.js';
import visit from './lib/visit.js';

export default function () {
  const token = login('ann');
  pages.front();
  pages.list(token);
  visit('/about');
  http.get(`${BASE}/bye`);
}
