import http from 'k6/http';

const shop = {
  get items() {
    return http.get('http://shop.test/items').json();
  },
};

export default function () {
  shop.items.forEach((item) => item.id);
}
