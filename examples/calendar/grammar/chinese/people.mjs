const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞柳甘祝包宁尚舒阮纪梅童凌毕单季裴霍成苗谷盛曲翁冉骆蓝路游辛靳管柴鲍华祁房',
];
const doubled = ['欧阳', '司马', '上官', '诸葛', '夏侯', '皇甫', '慕容', '司徒', '端木', '令狐'];
const givenCharacters = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文红梅玲桐辉鹏飞宇浩然子轩梓涵欣怡诗琪雨晨思远嘉豪俊凯佳琳婷雪倩颖慧晓东海波林峰建军家瑞泽洋天佑一鸣书瑶若曦依诺昊博睿安琪梦洁可馨语彤亦菲锦程景行知夏南乔立新春燕秋菊冬梅德胜永康宏达卫国少华振宇启航承恩逸凡星辰月清荷舒窈望舒云帆长青木兰凤仪莲心竹君松柏世杰正阳光远为民爱玲美琴素珍淑芬彩虹乐怀瑾念慈致远',
];

export const people = {
  surname: surnames,
  doubledsurname: doubled,
  character: givenCharacters,
  fullname: ['*3 {surname}{character}', '*6 {surname}{character}{character}', '*1 {doubledsurname}{character}'],
  // Nicknames, and the ways colleagues and neighbours are called.
  prefixed: ['*3 小{surname}', '*3 老{surname}', '阿{character}', '小{character}', '大{surname}'],
  role: [
    '*3 总', '*3 老师', '*3 经理', '*2 医生', '*2 主任', '*2 姐', '*2 哥', '工', '教授', '律师', '阿姨', '叔叔', '师傅', '教练', '部长', '局长', '院长', '校长',
    '处长', '秘书', '总监', '大夫', '护士', '先生', '女士', '小姐', '同学', '导',
    '博士', '董', '奶奶', '爷爷', '队长', '会计', '老板', '书记', '助理',
  ],
  nickname: [
    '豆豆', '乐乐', '甜甜', '果果', '毛毛', '妞妞', '球球', '糖糖', '多多', '点点', '圆圆', '涛涛', '婷婷', '大伟', '二胖', '小美', '小雨', '阿强', '阿珍',
    '胖子', '老四', '思思', '洋洋', '晨晨', '团子', '安安', '萌萌', '石头', '大山', '笑笑',
    '浩子', '猴子', '丫丫', '天天', '晓晓', '阳阳',
  ],
  foreign: [
    'Ana', 'Tom', 'Lucy', 'Kevin', 'Alice', 'Bob', 'Jack', 'Mary', 'David', 'Lisa', 'Tony', 'Amy', 'Peter', 'Grace', 'Leo', 'Cindy', 'Mike', 'Vivian', 'Eric',
    'Jessica', 'Sam', 'Joyce', 'Andy', 'Emma', 'Frank', 'Coco', 'Jason', 'Helen',
    'Steven', 'Maggie', 'Will', 'Daisy', 'Oscar', 'Yoyo', 'Linda', 'Ken', 'Sophie', 'Ray', 'Fiona', 'Max', 'Carlos', 'Priya', 'Yuki', 'Olga', 'James Chen',
    'Amy Wang', 'Ivan', 'Zoe', 'Ben', 'Rachel',
  ],
  transliterated: [
    '安娜', '玛丽', '约翰', '汤姆', '杰克', '露西', '彼得', '大卫', '迈克', '艾米', '索菲亚', '马克', '保罗', '苏珊', '爱丽丝', '卡洛斯', '尼古拉', '娜塔莎',
    '伊万', '阿里', '法蒂玛', '穆罕默德', '山本', '佐藤', '田中', '铃木一郎', '金敏俊', '朴智妍',
    '玛丽·史密斯', '约翰·李', '安德烈', '奥尔加', '汉斯', '克劳斯', '皮埃尔', '露西亚', '阿卜杜拉', '拉吉', '普里亚', '威廉', '珍妮', '凯特', '史蒂文', '罗伯特', '埃琳娜', '胡安',
  ],
  person: [
    '*14 {fullname}', '*6 {surname}{role}', '*4 {prefixed}', '*2 {nickname}', '*4 {foreign}', '*3 {transliterated}', '*1 {doubledsurname}{role}',
    '*1 {fullname}(老师|医生|教授|同学)',
  ],
  people: [
    '*10 {PERSON}', '*2 {PERSON}和{PERSON}', '{PERSON}、{PERSON}', '{PERSON}、{PERSON}和{PERSON}', '{PERSON}跟{PERSON}', '{PERSON}还有{PERSON}', '{PERSON}他们',
    '{PERSON}一家',
  ],
  nobody: [
    '客户', '老板', '领导', '妈妈', '爸妈', '老婆', '老公', '同事', '朋友', '团队', '供应商', '房东', '孩子', '家人', '同学们', '室友', '女朋友', '男朋友',
    '投资人', '我妈', '我爸', '爷爷奶奶', '几个朋友', '大学同学', '合作方', '法务', '财务',
    '医生', '中介', '闺蜜', '邻居', '面试官', '老师', '设计师', '人事', '市场部', '几位同事', '甲方',
  ],
  who: ['*8 {people}', '*2 {nobody}', '(市场部|财务|人事|客户那边|销售部|法务|研发|总部)的{PERSON}'],
  withword: ['*5 和', '*4 跟', '*2 与', '同'],
};
