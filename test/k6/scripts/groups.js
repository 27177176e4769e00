import http from 'k6/http';
import { check, group, sleep } from 'k6';

export default function () {
  group('visit the shop', function () {
    group('front page', () => {
      const res = http.get('http://shop.test/');
      check(res, { 'front is 200': (r) => r.status === 200 });
    });
    sleep(0.5);
    const id = group('list', () => {
      const res = http.get('http://shop.test/items');
      return res.json('items.0.id');
    });
    http.get(`http://shop.test/items/${id}`);
  });
}
