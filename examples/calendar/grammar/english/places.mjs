const named = `
Blue Red Green Golden Silver Black White Copper Crimson Amber Old New Little Grand Royal Happy Lucky Hidden Broken Wild
Maple Oak Willow Cedar Olive Lotus Jasmine Bamboo Juniper Magnolia Harbor River Lake Ocean Mountain Sunset Garden Corner Bridge
Lion Dragon Tiger Fox Owl Heron Whale Crown Anchor Lantern Compass Kettle Spoon Fork Barrel Mill Union Central Liberty Victory
Madison Franklin Lincoln Wellington Victoria Kensington Camden Brooklyn Hudson Windsor Savoy Plaza Orchard Monument
`.trim().split(/\s+/);

const streets = `
Main Elm Oak Pine Maple Park Church High King Queen Market Mill Bridge Station Victoria Washington Lincoln Sunset Lakeview
Hillcrest Broadway Chestnut Spruce River Spring Garden College Union Franklin Jefferson Cherry Willow Baker Orchard
`.trim().split(/\s+/);

const owner = `
Luigi Mario Joe Tony Rosa Molly Gino Ali Mama Nonna Frankie Sal Pepe Carmela Babu Kim Wong Chez Hank Bubba Lou Stella Nino
Fatty Uncle Dino Vito Marcel Bruno Ollie Ruthie Dot Mabel Winnie Sully Pete Harry Max Earl Moe
`.trim().split(/\s+/);

export const places = {
  placeword: named,
  venue: [
    'Cafe', 'Café', 'Coffee', 'Diner', 'Bistro', 'Grill', 'Kitchen', 'Restaurant', 'Bar', 'Pub', 'Tavern', 'Bakery', 'Hotel', 'Inn',
    'Theater', 'Theatre', 'Gallery', 'Museum', 'Park', 'Gardens', 'Library', 'Clinic', 'Hospital', 'Bookstore', 'Books', 'Gym',
    'Studio', 'Yoga', 'Pizza', 'Noodle House', 'Tea House', 'Steakhouse', 'Brewery', 'Market', 'Mall', 'Square', 'Hall', 'Center',
    'Community Center', 'Elementary', 'High School', 'Beach', 'Golf Club', 'Dental', 'Sushi', 'Taproom', 'Medical Center', 'Lounge',
  ],
  street: streets,
  suffix: ['St', 'Street', 'St.', 'Ave', 'Avenue', 'Road', 'Rd', 'Lane', 'Blvd', 'Drive', 'Way', 'Court'],
  owner,
  letter: [...'ABCDEFGH'],
  number: (random) => String(random.integer(1, 40)),
  bignumber: (random) => String(random.integer(2, 980)),
  roomnumber: (random) => String(random.pick([random.integer(1, 12), random.integer(101, 520), random.integer(1001, 2210)])),
  floor: [
    '1st floor', '2nd floor', '3rd floor', '4th floor', '5th floor', 'second floor', 'third floor', 'ground floor', 'top floor', 'first floor', '12th floor',
  ],
  city: [
    'Boston', 'Chicago', 'Denver', 'Seattle', 'Austin', 'Toronto', 'London', 'Paris', 'Berlin', 'Madrid', 'Rome', 'Lisbon', 'Dublin',
    'Amsterdam', 'Vienna', 'Prague', 'Oslo', 'Helsinki', 'Istanbul', 'Cairo', 'Lagos', 'Nairobi', 'Accra', 'Cape Town', 'Dubai', 'Mumbai',
    'Delhi', 'Bangalore', 'Singapore', 'Bangkok', 'Hanoi', 'Manila', 'Jakarta', 'Tokyo', 'Osaka', 'Kyoto', 'Seoul', 'Beijing', 'Shanghai',
    'Shenzhen', 'Hong Kong', 'Taipei', 'Sydney', 'Melbourne', 'Auckland', 'New York', 'San Francisco', 'Los Angeles', 'Mexico City',
    'Lima', 'Bogota', 'Buenos Aires', 'São Paulo', 'Zurich', 'Geneva', 'Milan', 'Portland', 'Montreal', 'Vancouver', 'Miami', 'Atlanta',
  ],
  brand: [
    'Starbucks', 'Costa', 'Pret', 'McDonald\'s', 'Ikea', 'Costco', 'Panera', 'Chipotle', 'Blue Bottle', 'Whole Foods', 'Target',
    'Nando\'s', 'Wagamama', 'Shake Shack', 'Dunkin', 'WeWork', 'Pizza Hut', 'Home Depot', 'Trader Joe\'s', 'Walmart', 'Subway', 'KFC',
  ],
  online: ['Zoom', 'Teams', 'Google Meet', 'Skype', 'Slack', 'Webex', 'Discord', 'FaceTime', 'WhatsApp', 'MS Teams', 'zoom', 'teams'],
  // Said without an article: "at home".
  bareplace: [
    'home', 'work', 'school', 'church', 'city hall', 'campus', 'headquarters', 'HQ', 'reception', 'daycare', 'preschool', 'urgent care',
    'town hall',
  ],
  // Said with an article, which is not part of the entity: "at the [office]".
  articleplace: [
    '*3 office', 'gym', 'library', 'park', 'airport', 'train station', 'station', 'bus stop', 'mall', 'bank', 'clinic', 'hospital', 'hotel',
    'hotel lobby', 'lobby', 'cafeteria', 'canteen', 'rooftop', 'roof terrace', 'warehouse', 'front desk', 'conference room', 'meeting room',
    'boardroom', 'board room', 'main hall', 'auditorium', 'lecture hall', 'small meeting room', 'big conference room', 'corner cafe',
    'coffee shop', 'coffee shop downstairs', 'bookstore', 'bakery', 'pub', 'bar', 'restaurant', 'beach', 'pool', 'swimming pool', 'courthouse',
    'community center', 'youth center', 'farmers market', 'supermarket', 'post office', 'pharmacy', 'vet clinic', 'dog park', 'playground',
    'tennis courts', 'football field', 'stadium', 'museum', 'art museum', 'zoo', 'movie theater', 'cinema', 'concert hall', 'opera house',
    'garage', 'parking lot', 'construction site', 'factory', 'lab', 'chem lab', 'kitchen', 'break room', 'basement', 'backyard', 'garden',
    'ferry terminal', 'bus station', 'embassy', 'consulate', 'city center', 'town square', 'old town', 'waterfront', 'harbor', 'main entrance',
    'side entrance', 'north gate', 'east wing', 'student union', 'dorm', 'ballroom', 'climbing gym', 'ice rink', 'skate park', 'noodle place',
    'taco truck', 'pizza place', 'new sushi place', 'thai place', 'ramen shop', 'tea house', 'wine bar', 'dentist office', 'branch office',
    'downtown office', 'client site', 'blue room', 'green room', 'fish bowl', 'training room', 'server room', 'reading room', 'war room',
  ],
  room: [
    'room {roomnumber}', 'Room {roomnumber}', 'room {number}{letter}', 'conference room {letter}', 'Conference Room {number}',
    'meeting room {number}', 'meeting room {letter}', 'studio {number}', 'Hall {letter}', 'lab {number}', 'gate {number}', 'Terminal {number}',
    'building {number}', 'Building {letter}', 'platform {number}', 'court {number}', 'suite {bignumber}', 'pier {number}', 'table {number}',
    'auditorium {letter}', 'rm {roomnumber}', 'conf room {number}', 'lecture hall {number}', '{placeword} Room',
  ],
  venuename: [
    '*5 {placeword} {venue}', '*3 {placeword} {placeword} {venue}', '*2 {owner}\'s {venue}', '{owner}\'s', '{owner}\'s Place', 'Café {owner}',
    'Cafe {placeword}', 'Bistro {owner}', 'Casa {owner}', 'Villa {placeword}', '{placeword} & {placeword}', 'St. {owner}\'s Hospital', 'St. {owner}\'s',
    '{placeword} {placeword}', '{owner} & {owner}', '{city} {placeword}',
    'Mount {placeword} Hospital', '{placeword} Street Station', 'Hotel {placeword}', '{street} Street {venue}', 'University of {city}',
    '{city} {venue}', '{placeword}wood {venue}', 'Port {placeword}', 'Lake {placeword}', 'La {placeword}', 'El {placeword}',
  ],
  address: ['{bignumber} {street} {suffix}', '{street} {suffix}', '{number} {street} {suffix}', '{street} and {street}'],
  place: ['*6 {venuename}', '*2 {brand}', '*4 {articleplace}', '*2 {bareplace}', '*3 {room}', '*1 {address}', '*1 {city}'],
  // A whole phrase with its preposition.
  atplace: [
    '*6 at {PLACE:venuename}', '*2 at {PLACE:brand}', '*1 at {PLACE:bareplace}', '*5 at the {PLACE:articleplace}', '*3 in {PLACE:room}',
    '*1 in the {PLACE:articleplace}', '*2 in {PLACE:city}', '*1 at {PLACE:address}', '*2 on {PLACE:online}', '*1 over {PLACE:online}',
    'on the {PLACE:floor}', '{PLACE:online}', '@ {PLACE:venuename}', '@ {PLACE:brand}', '*2 at {PERSON}\'s {PLACE:personal}', 'at {PERSON}\'s',
    'in {PERSON}\'s {PLACE:personal}',
    'at my {PLACE:personal}', 'near the {PLACE:articleplace}', 'by the {PLACE:articleplace}', 'in {PLACE:room} on the {PLACE:floor}',
    'at {PLACE:venuename} on {PLACE:address}', 'at the {PLACE:articleplace} on {PLACE:address}', 'in front of the {PLACE:articleplace}',
    'at the {PLACE:venuename}', '(outside|across from) {PLACE:venuename}', '{PLACE:where}', 'at {PLACE:brand} in {PLACE:city}',
  ],
  personal: ['place', 'house', 'apartment', 'flat', 'office', 'desk', 'studio'],
  where: ['online', 'downtown', 'upstairs', 'downstairs', 'uptown', 'next door', 'online'],
  toplace: [
    '*3 to {PLACE:venuename}', '*2 to {PLACE:room}', '*2 to the {PLACE:articleplace}', 'to {PLACE:brand}', 'to {PLACE:online}', 'to {PLACE:address}',
    'over to {PLACE:online}', 'to {PERSON}\'s {PLACE:personal}', 'to {PLACE:city}', 'into the {PLACE:articleplace}',
    'from {PERSON}\'s {PLACE:personal} to {PLACE:venuename}', 'from the {PLACE:articleplace} to the {PLACE:articleplace}',
  ],
  // As the object of a sentence: "is Red Fox Cafe booked?"
  theplace: ['{PLACE:room}', 'the {PLACE:articleplace}', '{PLACE:venuename}'],
};
