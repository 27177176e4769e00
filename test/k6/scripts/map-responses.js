import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const statuses = ['/a', '/b'].map((path) => http.get(`http://shop.test${path}`).status);
  check(statuses, { 'all are 200': (all) => all.every((status) => status === 200) });
  const found = ['/x', '/y', '/z'].find((path) => http.get(`http://shop.test${path}`).status === 200);
  check(found, { 'first is found': (path) => path === '/x' });
}
