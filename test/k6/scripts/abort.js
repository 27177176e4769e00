import exec from 'k6/execution';
import http from 'k6/http';

export default function () {
  const res = http.get('http://shop.test/missing');
  if (res.status === 404) exec.test.abort('the shop is closed');
  http.get('http://shop.test/never');
}
