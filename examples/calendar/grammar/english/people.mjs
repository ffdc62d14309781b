/** Given names from many languages; the last block holds names that are also ordinary words. */
const given = `
Ana Maria Elena Sofia Lucia Carmen Isabel Diego Javier Carlos Miguel Pablo Andres Mateo Camila Valentina Ximena Guadalupe
James John Robert Michael David Thomas Daniel Matthew Anthony Steven Paul Andrew Kevin Brian George Edward Ronald Timothy
Jason Jeff Ryan Jacob Gary Nick Eric Jonathan Stephen Larry Justin Scott Brandon Ben Sam Greg Alex Patrick Dennis Jerry Tyler
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley Kim Emily Donna
Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Cynthia Amy Kathy Angela Shirley Emma Olivia Chloe Zoe Lily Mia Ella
Liz Mike Tom Dave Kate Jen Becca Steph Josh Matt Chris Nate Zach Abby Maddie Tony Beth Meg Jess Gabe Theo Leo Max Gus Ned
Priya Anjali Ravi Arjun Deepak Sanjay Lakshmi Kavita Neha Rahul Vikram Aisha Ananya Rohan Meera Suresh Divya Kiran Nikhil
Mohammed Ahmed Fatima Omar Yusuf Layla Hassan Zainab Khalid Noor Samira Tariq Mariam Ibrahim Amina Bilal Rania Farah Karim Salma
Wei Fang Jun Xiaoming Li Mei Hui Yan Jing Hao Lin Ming Tao Ying Qiang Lei Xin Yang Chen Bo
Hiroshi Yuki Kenji Sakura Haruka Takashi Naoko Akira Emi Daichi Ayumi Kaito Minho Jisoo Seojun Hana Jiwoo Eunji Sungmin Hyejin
Linh Thanh Minh Huong Tuan Anh Nguyet Somchai Siti Budi Dewi Agus Putri Rizal Nurul Jomar Marisol Bayani
Ivan Olga Dmitri Natasha Sergei Svetlana Katya Mikhail Anastasia Oleksandr Iryna Taras Marek Agnieszka Piotr Zofia Tomasz Jana Petr
Lars Ingrid Bjorn Astrid Sven Freja Mikkel Soren Aino Jussi Eero Liisa Gunnar Sigrid Elin Maja Nils Oskar Linnea
Hans Klaus Jürgen Greta Anke Uwe Heike Lukas Jonas Katrin Sabine Stefan Björn Ute Pierre Camille Chloé Luc Margot Antoine
Élodie Benoît Amélie Hugo Giulia Marco Alessandro Chiara Luca Francesca Matteo Paolo Giovanni Bianca João Inês Rui Tiago
Beatriz Rafael Thiago Larissa Nikos Eleni Dimitris Maria Ayşe Mehmet Emre Zeynep Elif Murat Shira Avi Noa Yael Moshe Tamar
Kwame Ama Kofi Abena Chidi Ngozi Amaka Emeka Tunde Folake Oluwaseun Zuri Amara Thabo Sipho Nomsa Lerato Wanjiru Kamau Achieng
Tesfaye Selam Mekdes Desta Aroha Tane Kahu Leilani Keoni Malia Siobhan Niamh Aoife Cillian Padraig Rhys Gwen Alasdair Isla
Arturo Beatrice Cecilia Dominic Edith Felix Harriet Imogen Jasper Keira Lorenzo Miriam Nadia Oscar Phoebe Quentin Rosalind
Silas Tabitha Ulrich Vera Wendy Xavier Yolanda Zelda Bruno Clara Desmond Esther Fiona Gordon Helena Ida Jorge Kirsten
`.trim().split(/\s+/);

const namesThatAreWords = `
Will Mark May April June Grace Hope Rose Art Bill Jack Frank Grant Chase Summer Dawn Rich Drew Sunny Faith Joy Ray Rob Sue Pat
Penny Ginger Hunter Mason Dean Earl Duke Miles Reed Cliff Glen Ivy Iris Violet Ruby Pearl Autumn Wade Clay Guy Jay Gene Dale
Skip Bo Page Destiny Harmony Melody Angel Christian Norm Josh Robin Heather Olive Basil Sandy Stone Carter Bishop
`.trim().split(/\s+/);

const family = `
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Taylor Moore
Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres
Hill Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart
Patel Shah Singh Kumar Sharma Gupta Reddy Iyer Nair Chatterjee Banerjee Das Mehta Kapoor Rao Menon Desai
Wang Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo Lin Tan Wong Chan Lau Ng Leung
Tanaka Suzuki Sato Watanabe Yamamoto Nakamura Kobayashi Ito Park Choi Jung Kang Yoon Lim
Nguyen Tran Pham Le Vo Dang Bui Santos Reyes Cruz Bautista Wijaya Santoso Rahman Abdullah
Khan Ali Hussain Malik Siddiqui Haddad Nasser Mansour Aziz Farouk Rahimi Karimi Hosseini
Ivanov Petrov Volkov Sokolova Kovalenko Shevchenko Nowak Kowalski Wójcik Novak Horvat Popescu Ionescu Nagy Szabo
Müller Schmidt Schneider Fischer Weber Becker Hoffmann Schäfer Dubois Moreau Laurent Lefèvre Girard Rossi Russo Ferrari Esposito
Silva Souza Costa Oliveira Pereira Almeida Hansen Olsen Larsen Andersson Johansson Nilsson Virtanen Korhonen Jensen
Okafor Adeyemi Eze Mensah Boateng Owusu Diallo Traore Mwangi Otieno Dlamini Nkosi Abebe Bekele Tadesse
O'Brien O'Connor Murphy Kelly Walsh Byrne MacDonald Campbell Fraser McKenna Fitzgerald Cohen Levy Friedman Katz Goldberg
Papadopoulos Yilmaz Demir Kaya Öztürk Dijkstra Jansen Visser Peeters
`.trim().split(/\s+/);

const titled = ['Dr.', 'Dr', 'Doctor', 'Mr.', 'Mr', 'Mrs.', 'Mrs', 'Ms.', 'Ms', 'Prof.', 'Professor', 'Coach', 'Pastor', 'Judge'];
const kin = ['Aunt', 'Uncle', 'Grandma', 'Grandpa', 'Cousin', 'Auntie'];

export const people = {
  given,
  wordname: namesThatAreWords,
  family,
  honorific: titled,
  kin,
  initial: [...'ABCDEFGHJKLMNPRSTVW'],
  hyphenated: [
    'Mei-Ling', 'Anne-Marie', 'Jean-Luc', 'Ji-woo', 'Min-seo', 'Mary-Kate', 'Jean-Pierre', 'Hyun-woo', 'Soo-jin', 'Karl-Heinz', 'Abdul-Rahman', 'Lee-Ann',
    'Xiao-Ming', 'Billy-Ray',
  ],
  person: [
    '{hyphenated}',     '*14 {given}', '*3 {wordname}', '*5 {given} {family}', '*1 {wordname} {family}', '*4 {honorific} {family}',
    '*1 {kin} {given}', '*1 {given} {initial}', '*1 {given} {initial}.',
  ],
  // Two or three people in one request: every name is an entity of its own.
  people: [
    '*9 {PERSON}', '*3 {PERSON} and {PERSON}', '{PERSON} & {PERSON}', '{PERSON}, {PERSON} and {PERSON}',
    '{PERSON}, {PERSON}, and {PERSON}', '{PERSON} and the (team|kids|others|rest of the team|interns)',
  ],
  // Someone without a name is no entity.
  nobody: [
    'my boss', 'my mom', 'mom', 'dad', 'my sister', 'my brother', 'the kids', 'my manager', 'the team', 'my team', 'the client',
    'the landlord', 'my wife', 'my husband', 'my roommate', 'everyone', 'the interns', 'the new hire', 'a friend', 'the neighbors',
    'my therapist', 'the contractors', 'hr', 'the girls', 'some friends', 'my trainer', 'the vendor', 'my parents', 'grandma',
    'accounting', 'the whole family', 'my lawyer', 'our accountant', 'legal',
  ],
  who: ['*8 {people}', '*2 {nobody}', '{PERSON} from (work|accounting|sales|the bank|marketing|hr|school|legal|it|next door)'],
};
