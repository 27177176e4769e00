import http from 'k6/http';

export default function () {
  setTimeout(() => {
    http.get('http://shop.test/later');
  }, 100);
}
