-- MariaDB dump 10.19  Distrib 10.11
-- Host: localhost    Database: lab

CREATE TABLE `orders` (
  `id` int(11) NOT NULL,
  `uhid` varchar(20) DEFAULT NULL,
  `note` text,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB;

INSERT INTO `orders` VALUES (0,'UH-20220000','it\'s 0; (fine)'),(1,'UH-20220001','it\'s 1; (fine)');
